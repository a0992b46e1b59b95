//! The strip under the toolbar while a deployment is shown: its state, the running command, and changes not deployed yet.

use std::time::Duration;

use domain::{api::DeploymentDetail, stack::Stack};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    builder::state::session::use_session,
    components::{Icon, Look, MarkedText, Sign, Status, elapsed, use_now},
    deployment::{
        Connection, Wish, agent_age,
        differences::differences,
        follow_live,
        live::{Live, steps},
        words,
    },
    rpc::{
        RpcError,
        deployments::{load_deployment, load_revision},
    },
};

/// Pause after a failed request.
const RETRY: Duration = Duration::from_secs(5);

#[component]
pub fn LiveStrip() -> impl IntoView {
    let operation = use_session().operation;
    move || operation.shown.get().map(|hash| view! { <Loaded hash /> })
}

#[component]
fn Loaded(hash: String) -> impl IntoView {
    let detail = RwSignal::new(None::<Result<DeploymentDetail, RpcError>>);
    let attempts = RwSignal::new(0_u32);
    Effect::new(move || {
        attempts.track();
        let hash = hash.clone();
        spawn_local(async move {
            let loaded = load_deployment(hash).await;
            if loaded.as_ref().is_err_and(RpcError::may_pass) {
                let again = move || {
                    attempts.try_update(|attempts| *attempts += 1);
                };
                set_timeout(again, RETRY);
            }
            detail.try_set(Some(loaded));
        });
    });
    move || {
        match detail.get() {
        None => view! { <p class="builder-banner text-muted">"Loading what runs…"</p> }.into_any(),
        Some(Err(error)) => {
            view! { <p role="alert" class="builder-banner text-error"><MarkedText text=error.to_string() /></p> }.into_any()
        }
        Some(Ok(detail)) => view! { <Strip detail /> }.into_any(),
    }
    }
}

#[component]
fn Strip(detail: DeploymentDetail) -> impl IntoView {
    let session = use_session();
    let operation = session.operation;
    let (hash, host) = (detail.summary.deployment_hash.clone(), words::place_of(&detail.summary));
    let live = RwSignal::new(Live::new(detail));
    let connection = follow_live(live);
    operation.live.set(Some(live));
    on_cleanup(move || {
        operation.live.try_set(None);
    });
    show_stale_plan(live, host.clone());
    let state = Memo::new(move |_| live.with(|live| words::of_deployment(live.detail.summary.status)));
    let agent = Memo::new(move |_| live.with(|live| words::of_agent(live.detail.summary.agent_status)));
    let agent_age = agent_age(live);
    let broken = Memo::new(move |_| matches!(connection.get(), Connection::Broken(failures) if failures > 1));
    let address = format!("/deployments/{hash}");
    view! {
        <div class="builder-banner" data-testid="live-strip">
            <Status
                state=Signal::derive(move || state.get().0)
                word=Signal::derive(move || state.get().1.to_owned())
            />
            <span class="flex items-center gap-2">
                <span class="text-muted">{format!("on {host}")}</span>
                <Status state=Signal::derive(move || agent.get().0) word=Signal::derive(move || agent.get().1.to_owned()) age=agent_age />
            </span>
            <AtWork live />
            <NotDeployed live hash=hash.clone() host />
            <span role="status" class="text-warn empty:hidden">
                {move || broken.get().then_some("Reconnecting…")}
            </span>
            <a class=format!("ml-auto {}", Look::Quiet.class()) href=address data-testid="open-deployment">
                "Open the deployment"
                <Icon sign=Sign::ArrowRight />
            </a>
        </div>
    }
    .into_any()
}

/// Opens the dialog with a new plan if the host has changed since the user confirmed a plan.
fn show_stale_plan(live: RwSignal<Live>, host: String) {
    let operation = use_session().operation;
    let stale = Memo::new(move |_| live.with(|live| live.stale.clone()));
    Effect::new(move || {
        let Some((number, why)) = stale.get() else { return };
        let wish = live.with_untracked(|live| Wish {
            hash: live.detail.summary.deployment_hash.clone(),
            revision: live
                .detail
                .revisions
                .iter()
                .find(|it| it.number == number)
                .and_then(|it| it.returns_to),
            recreate: Vec::new(),
            stale: Some(why),
        });
        live.try_update_untracked(|live| live.stale = None);
        operation.deploy(Some((wish, host.clone())));
    });
}

/// Shows the running step and its last line of output, or how the last command ended.
#[component]
fn AtWork(live: RwSignal<Live>) -> impl IntoView {
    let now = use_now();
    let words = Memo::new(move |_| {
        live.with(|live| match (&live.detail.running_command, &live.ended) {
            (Some(running), _) => {
                let title = words::of_command(running.r#type.as_str());
                let step = steps(&running.progress).pop();
                let (title, line) = match step {
                    Some(step) => {
                        (format!("{title}: {}", words::of_step(&step.name).to_lowercase()), step.last_line)
                    }
                    None => (format!("{title}: waiting for the agent"), String::new()),
                };
                Some((title, line, Some(running.started_at)))
            }
            (None, Some(ended)) => ended.message.clone().map(|message| (message, String::new(), None)),
            _ => None,
        })
    });
    move || {
        words.get().map(|(title, line, since)| {
            let time = move || match (since, now.get()) {
                (Some(since), Some(now)) => elapsed(now - since),
                _ => String::new(),
            };
            view! {
                <span class="flex min-w-0 items-baseline gap-2" data-testid="live-work">
                    <span role="status" class="wrap-anywhere"><MarkedText text=title /></span>
                    <span class="tabular text-muted">{time}</span>
                    <span class="max-w-80 truncate font-mono text-caption text-muted max-md:hidden">{line}</span>
                </span>
            }
        })
    }
}

/// "2 changes not deployed", with a button that deploys them.
#[component]
fn NotDeployed(live: RwSignal<Live>, hash: String, host: String) -> impl IntoView {
    let session = use_session();
    let running = Memo::new(move |_| live.with(|live| live.detail.summary.running_revision));
    let deployed = RwSignal::new(None::<String>);
    let to_load = hash.clone();
    Effect::new(move || {
        let Some(number) = running.get() else {
            deployed.set(None);
            return;
        };
        let hash = to_load.clone();
        spawn_local(async move {
            // Without the deployed text, differences cannot be counted.
            let text = load_revision(hash, number).await.ok().map(|revision| revision.compose);
            deployed.try_set(text);
        });
    });
    let changes = Memo::new(move |_| {
        let text = deployed.get()?;
        Some(session.document.read(|stack| differences(stack, &Stack::read(&text)).len()))
    });
    let deploy = move |_| {
        let wish = Wish { hash: hash.clone(), ..Wish::default() };
        session.operation.deploy(Some((wish, host.clone())));
    };
    let deploy = StoredValue::new(deploy);
    move || {
        changes.get().map(|changes| {
            if changes == 0 {
                view! { <span class="text-muted" data-testid="not-deployed">"Everything is deployed"</span> }.into_any()
            } else {
                view! {
                    <button
                        type="button"
                        class="rounded-control font-medium text-accent underline"
                        data-testid="not-deployed"
                        on:click=move |event: leptos::ev::MouseEvent| deploy.with_value(|deploy| deploy(event))
                    >
                        {format!("{} not deployed", words::counted(changes, "change", "changes"))}
                    </button>
                }
                .into_any()
            }
        })
    }
}
