//! `/deployments/{hash}`: one stack on one host: its state, the running command, its services and its history.

use domain::{access::ProjectRole, api::DeploymentDetail, deploy::DeploymentStatus};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{Button, Callout, Icon, Look, MENU_ITEM, Menu, Sign, Status, Tone, age_of},
    deployment::{
        Connection, DriftBanner, History, InstallPanel, Logs, PlanDialog, Removal, Services, Wish, WorkPanel,
        agent_age, follow_live, live::Live, words,
    },
    layout::{Failure, Loading, NeedsScripts},
    rpc::{RpcError, deployments::load_deployment},
};

#[component]
pub fn DeploymentPage() -> impl IntoView {
    let params = use_params_map();
    let hash = Memo::new(move |_| params.read().get("hash").unwrap_or_default());
    let detail: Resource<Result<DeploymentDetail, RpcError>> =
        Resource::new_blocking(move || hash.get(), load_deployment);
    view! {
        <Suspense fallback=|| view! { <Loading text="Opening the deployment…" /> }>
            {move || Suspend::new(async move {
                match detail.await {
                    Ok(detail) => view! { <Deployment detail /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Deployment(detail: DeploymentDetail) -> impl IntoView {
    let title = format!("{} on {}", detail.summary.project_name, words::place_of(&detail.summary));
    let live = RwSignal::new(Live::new(detail));
    let connection = follow_live(live);
    let logs_of = RwSignal::new(None::<String>);
    let wish = RwSignal::new(None::<Wish>);
    let removing = RwSignal::new(false);
    view! {
        <Title text=title />
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-6 px-4 py-6">
            <NeedsScripts text="This page shows what it knew when it was loaded. Live updates and every action need JavaScript, which is switched off here." />
            <Head live wish removing />
            <Reconnecting connection />
            <Ended live />
            <InstallPanel live />
            <WorkPanel live />
            <DriftBanner live wish />
            <Services live logs_of />
            <Logs live logs_of />
            <History live wish />
            <PlanDialog live wish />
            <Removal live open=removing />
        </main>
    }
    .into_any()
}

#[component]
fn Head(live: RwSignal<Live>, wish: RwSignal<Option<Wish>>, removing: RwSignal<bool>) -> impl IntoView {
    let (project, name, stack, hash, host) = live.with_untracked(|live| {
        let summary = &live.detail.summary;
        (
            summary.project_id,
            summary.project_name.clone(),
            summary.stack.clone(),
            summary.deployment_hash.clone(),
            words::place_of(&live.detail.summary),
        )
    });
    let state = Memo::new(move |_| live.with(|live| words::of_deployment(live.detail.summary.status)));
    let agent = Memo::new(move |_| live.with(|live| words::of_agent(live.detail.summary.agent_status)));
    let remark = move || live.with(|live| live.detail.agent.as_ref().and_then(|host| host.remark.clone()));
    let agent_age = agent_age(live);
    let changed = age_of(move || Some(live.with(|live| live.detail.summary.updated_at)));
    let is_operator = live.with_untracked(|live| live.is_for(ProjectRole::Operator));
    let is_owner = live.with_untracked(|live| live.is_for(ProjectRole::Owner));
    // Only the agent of a host can plan.
    let can_plan = is_operator && live.with_untracked(|live| live.detail.summary.host.is_some());
    let removed = Memo::new(move |_| live.with(Live::has_ended));
    let update = move |_| wish.set(Some(Wish { hash: hash.clone(), ..Wish::default() }));
    let update = StoredValue::new(update);
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    view! {
        <div class="flex flex-col gap-2">
            <p class="text-muted">
                <a href="/deployments" class="hover:underline">
                    "Deployments"
                </a>
                " / "
                <span class="font-mono text-caption">{stack}</span>
            </p>
            <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
                <h1 class="min-w-0 text-title font-semibold wrap-anywhere">{format!("{name} on {host}")}</h1>
                <div class="ml-auto flex flex-wrap items-center gap-2 max-sm:ml-0">
                    <a class=Look::Plain.class() href=format!("/projects/{project}")>
                        <Icon sign=Sign::Picture />
                        "Open in the builder"
                    </a>
                    {move || {
                        (!removed.get())
                            .then(|| {
                                let button = button.clone();
                                view! {
                                    {can_plan
                                        .then(|| {
                                            view! {
                                                <Button look=Look::Primary on:click=move |event| update.with_value(|update| update(event)) attr:data-testid="plan-update">
                                                    "Plan an update"
                                                </Button>
                                            }
                                        })}
                                    {is_owner
                                        .then(|| {
                                            view! {
                                                <Menu id="deployment-menu" label="More actions" button>
                                                    <button type="button" class=MENU_ITEM on:click=move |_| removing.set(true)>
                                                        <Icon sign=Sign::Trash />
                                                        "Remove…"
                                                    </button>
                                                </Menu>
                                            }
                                        })}
                                }
                            })
                    }}
                </div>
            </div>
            <div class="flex flex-wrap items-center gap-x-6 gap-y-1" data-testid="deployment-state">
                <Status
                    state=Signal::derive(move || state.get().0)
                    word=Signal::derive(move || state.get().1.to_owned())
                    age=changed
                />
                <span class="flex flex-wrap items-center gap-2">
                    <span class="text-muted">"Agent"</span>
                    <Status
                        state=Signal::derive(move || agent.get().0)
                        word=Signal::derive(move || agent.get().1.to_owned())
                        age=agent_age
                    />
                </span>
                <span class="tabular text-muted">
                    {move || live.with(|live| live.detail.summary.running_revision.map(|number| format!("Revision {number} is running")))}
                </span>
            </div>
            <p class="text-warn empty:hidden">{remark}</p>
        </div>
    }
}

#[component]
fn Reconnecting(connection: Signal<Connection>) -> impl IntoView {
    // A single failure is usually fixed by the next attempt before anyone could read the message.
    let broken = Memo::new(move |_| matches!(connection.get(), Connection::Broken(failures) if failures > 1));
    view! {
        // Always in the document, so that screen readers announce changes. It takes no space while it is empty.
        <div role="status" class="empty:absolute">
            {move || {
                broken
                    .get()
                    .then(|| {
                        view! {
                            <div data-testid="reconnecting">
                                <Callout tone=Tone::Warn title="The server does not answer. Reconnecting…">
                                    "You see the last known state and its age. The stack keeps running without the server."
                                </Callout>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn Ended(live: RwSignal<Live>) -> impl IntoView {
    let ended = Memo::new(move |_| live.with(|live| live.has_ended().then_some(live.detail.summary.status)));
    move || {
        ended.get().map(|status| {
            let provider = live.with_untracked(|live| {
                let summary = &live.detail.summary;
                summary.install.as_ref().map(|_| words::provider_of(summary))
            });
            if let Some(provider) = provider {
                view! {
                    <Callout tone=Tone::Warn title="This deployment is no longer tracked">
                        {format!(
                            "The machine was not touched: it keeps running at {provider}, which keeps billing you for it. To end that, delete the machine in the provider's console.",
                        )}
                    </Callout>
                }
                .into_any()
            } else if status == DeploymentStatus::Removed {
                view! {
                    <Callout tone=Tone::Neutral title="This deployment was removed">
                        "Its containers were removed. Volumes that you did not select are still on the host. Only the history remains here."
                    </Callout>
                }
                .into_any()
            } else {
                view! {
                    <Callout tone=Tone::Neutral title="The host of this deployment was revoked">
                        "Its containers keep running, but this server can no longer see or change them. Only the history remains here."
                    </Callout>
                }
                .into_any()
            }
        })
    }
}
