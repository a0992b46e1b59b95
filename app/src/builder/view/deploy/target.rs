//! The target of a deployment: an existing deployment, this machine, another host, a new host, or a machine in a cloud.

use domain::{
    access::ProjectRole,
    api::{DeploymentSummary, Host, HostStage},
    cloud::{OfferedCloud, provider_name},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use crate::{
    builder::state::session::use_session,
    components::{Button, Callout, Icon, Look, MarkedText, Sign, State, Status, Tone, focus_once},
    deployment::{AddHost, Joining, Wish, follow_hosts, what_is_missing, words},
    rpc::{clouds::clouds_of_project, deployments::prepare_deployment, hosts::hosts_of_project},
};

use super::cloud_order::CloudOrder;

#[derive(Clone, Debug, PartialEq)]
enum Target {
    Again(DeploymentSummary),
    Host(Host),
    /// A machine that is created with this cloud.
    Cloud(OfferedCloud),
}

impl Target {
    fn key(&self) -> String {
        match self {
            Self::Again(deployment) => deployment.deployment_hash.clone(),
            Self::Host(host) => host.id.to_string(),
            Self::Cloud(cloud) => format!("cloud-{}", cloud.id),
        }
    }
}

#[component]
pub fn Targets(warnings: Memo<usize>) -> impl IntoView {
    let session = use_session();
    let operation = session.operation;
    let hosts = RwSignal::new(Vec::<Host>::new());
    let clouds = RwSignal::new(Vec::<OfferedCloud>::new());
    // The cloud whose machine is being described.
    let ordering = RwSignal::new(None::<OfferedCloud>);
    let loading = RwSignal::new(true);
    let problem = RwSignal::new(None::<String>);
    let adding = RwSignal::new(false);
    let joining = RwSignal::new(None::<Joining>);
    let sending = RwSignal::new(false);
    let chosen = RwSignal::new(None::<String>);
    // A host belongs to the user who adds it, and a project is deployed to hosts of its owner.
    let may_add = session.role == ProjectRole::Owner;
    Effect::new(move || {
        spawn_local(async move {
            match hosts_of_project(session.project).await {
                Ok(all) => drop(hosts.try_set(all)),
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
            if let Ok(all) = clouds_of_project(session.project).await {
                clouds.try_set(all);
            }
            loading.try_set(false);
        });
    });
    follow_hosts(hosts, Some(session.project));
    // Existing deployments first, then this machine, the other hosts, and the clouds.
    let targets = Memo::new(move |_| {
        let mut targets: Vec<Target> = operation
            .deployments
            .get()
            .into_iter()
            .filter(|it| it.host.is_some())
            .map(Target::Again)
            .collect();
        let mut hosts = hosts.get();
        hosts.sort_by_key(|host| !host.is_local);
        targets.extend(hosts.into_iter().filter(|host| host.stage == HostStage::Running).map(Target::Host));
        targets.extend(clouds.get().into_iter().map(Target::Cloud));
        targets
    });
    let picked = Memo::new(move |_| {
        targets.with(|targets| {
            let wanted = chosen.get();
            let found = targets.iter().find(|target| Some(target.key()) == wanted);
            found.or(targets.first()).cloned()
        })
    });
    // The host of the target. A machine in a cloud does not exist yet.
    let place = Memo::new(move |_| {
        let id = picked.with(|picked| match picked {
            Some(Target::Host(host)) => Some(host.id),
            Some(Target::Again(deployment)) => deployment.host.as_ref().map(|host| host.id),
            _ => None,
        });
        hosts.with(|hosts| hosts.iter().find(|host| Some(host.id) == id).cloned())
    });
    let without_compose = Memo::new(move |_| {
        place.with(|host| host.as_ref().is_some_and(|host| host.compose_missing.is_some()))
    });
    let plan = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        match picked.get_untracked() {
            None => {}
            Some(Target::Cloud(cloud)) => ordering.set(Some(cloud)),
            Some(Target::Again(deployment)) => {
                let wish = Wish { hash: deployment.deployment_hash.clone(), ..Wish::default() };
                operation.wish.set(Some((wish, words::place_of(&deployment))));
            }
            Some(Target::Host(host)) => {
                sending.set(true);
                let project = session.project;
                spawn_local(async move {
                    match prepare_deployment(project, host.id).await {
                        Ok(made) => {
                            let wish = Wish { hash: made.deployment_hash, ..Wish::default() };
                            operation.wish.try_set(Some((wish, host.name)));
                        }
                        Err(error) => drop(problem.try_set(Some(error.to_string()))),
                    }
                    sending.try_set(false);
                });
            }
        }
    };
    let none = Memo::new(move |_| targets.with(Vec::is_empty));
    focus_once(move || !loading.get());
    // Without a host there is only one way on. Once begun it is gone through, even if another host appears meanwhile.
    Effect::new(move || {
        if joining.with(Option::is_some) {
            adding.set(true);
        }
    });
    let is_adding = Memo::new(move |_| may_add && (adding.get() || (none.get() && !loading.get())));
    let joined = Callback::new(move |id: Option<Uuid>| {
        if let Some(id) = id {
            chosen.set(Some(id.to_string()));
        }
        joining.set(None);
        adding.set(false);
    });
    let row = move |target: Target| {
        let key = target.key();
        let (title, hint, (state, word)) = described(&target);
        let is_picked = {
            let key = key.clone();
            Memo::new(move |_| picked.with(|picked| picked.as_ref().is_some_and(|it| it.key() == key)))
        };
        let choose = {
            let key = key.clone();
            move |_| chosen.set(Some(key.clone()))
        };
        view! {
            <label class="flex items-center gap-3 border-t border-line px-3 py-2 first:border-t-0 hover:bg-hover">
                <input type="radio" name="target" value=key class="size-4 accent-accent" prop:checked=move || is_picked.get() on:change=choose />
                <span class="min-w-0 flex-1 wrap-anywhere">
                    <span class="block font-medium">{title}</span>
                    <span class="block text-caption text-muted">{hint}</span>
                </span>
                <Status state word=word.to_owned() />
            </label>
        }
    };
    let choice = move || {
        view! {
            <form class="flex flex-col gap-4" on:submit=plan>
                {move || {
                    (warnings.get() > 0)
                        .then(|| {
                            view! {
                                <p class="flex gap-2 text-muted">
                                    <span class="text-warn">
                                        <Icon sign=Sign::Warning />
                                    </span>
                                    {format!(
                                        "{} in this stack. It will start; the list of problems says what to look at.",
                                        words::counted(warnings.get(), "warning", "warnings"),
                                    )}
                                </p>
                            }
                        })
                }}
                <fieldset class="flex flex-col gap-2" hidden=move || none.get()>
                    <legend class="pb-2 font-medium">"Where to?"</legend>
                    <div class="flex flex-col rounded-panel hairline" data-testid="targets">
                        <For each=move || targets.get() key=|target| (target.key(), described(target).1) children=row />
                    </div>
                </fieldset>
                {move || (loading.get() && none.get()).then(|| view! { <p role="status" class="text-muted">"Looking for your hosts…"</p> })}
                {move || {
                    (!loading.get() && none.get())
                        .then(|| {
                            let words = if may_add {
                                "There is no host to deploy to yet: add one, and the deploy goes on from there. On this machine the server starts an agent by itself when it finds Docker or Podman."
                            } else {
                                "The owner of this project has no host to deploy to yet."
                            };
                            view! {
                                <p class="text-muted" data-testid="no-host">
                                    {words}
                                </p>
                            }
                        })
                }}
                {move || {
                    place
                        .with(|host| host.as_ref().and_then(|host| Some((host.name.clone(), what_is_missing(host)?))))
                        .map(|(name, advice)| {
                            view! {
                                <Callout tone=Tone::Warn title=format!("{name} cannot run a stack yet")>
                                    {advice}
                                </Callout>
                            }
                        })
                }}
                {move || problem.get().map(|why| view! { <Callout tone=Tone::Error title="Nothing was deployed"><MarkedText text=why /></Callout> })}
                <div class="flex flex-wrap items-center gap-2">
                    {move || {
                        (may_add && !is_adding.get())
                            .then(|| {
                                view! {
                                    <Button look=Look::Quiet on:click=move |_| adding.set(true) attr:data-testid="deploy-add-host">
                                        <Icon sign=Sign::Plus />
                                        "Add a host"
                                    </Button>
                                }
                            })
                    }}
                    <span class="ml-auto">
                        {move || {
                            (!none.get())
                                .then(|| {
                                    view! {
                                        <Button
                                        look=Look::Primary
                                        kind="submit"
                                        disabled=Signal::derive(move || sending.get() || without_compose.get())
                                        attr:data-testid="deploy-plan"
                                    >
                                            {move || {
                                                if sending.get() {
                                                    "Preparing…"
                                                } else if picked.with(|picked| matches!(picked, Some(Target::Cloud(_)))) {
                                                    "Choose the machine"
                                                } else {
                                                    "See what would change"
                                                }
                                            }}
                                        </Button>
                                    }
                                })
                        }}
                    </span>
                </div>
            </form>
            {move || {
                is_adding
                    .get()
                    .then(|| {
                        view! {
                            <div class="mt-3 border-t border-line pt-4">
                                <AddHost joining hosts done=joined done_label="Go on with the deploy" />
                            </div>
                        }
                    })
            }}
        }
    };
    move || match ordering.get() {
        Some(cloud) => {
            let back = Callback::new(move |()| ordering.set(None));
            view! { <CloudOrder cloud back /> }.into_any()
        }
        None => choice().into_any(),
    }
}

fn described(target: &Target) -> (String, String, words::Shown) {
    match target {
        Target::Again(deployment) => (
            format!("Update on {}", words::place_of(deployment)),
            format!("The deployment {}", deployment.stack),
            words::of_deployment(deployment.status),
        ),
        Target::Host(host) => {
            let place = if host.is_local { "this machine" } else { "a host of yours" };
            let engine = match (&host.engine, host.compose_missing) {
                (None, _) => "Docker or Podman does not answer there".to_owned(),
                (Some(engine), None) => engine.clone(),
                (Some(engine), Some(_)) => format!("{engine}, without Docker Compose"),
            };
            (format!("New on {}", host.name), format!("{place} · {engine}"), words::of_host(host))
        }
        Target::Cloud(cloud) => (
            format!("New machine in “{}”", cloud.name),
            format!("{} · billed by the provider", provider_name(&cloud.provider)),
            if cloud.has_secrets { (State::Ok, "key stored") } else { (State::Warn, "no key stored") },
        ),
    }
}
