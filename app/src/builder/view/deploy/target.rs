//! The target of a deployment: an existing deployment, this machine, another host, or a new host.

use std::time::Duration;

use domain::api::{DeploymentSummary, Host};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use crate::{
    builder::state::{operation::host_of, session::use_session},
    components::{Button, Callout, Icon, Look, Sign, Status, Tone},
    deployment::{AddHost, Joining, Wish, words},
    rpc::{deployments::prepare_deployment, hosts::hosts_of_project},
};

#[derive(Clone, Debug, PartialEq)]
enum Target {
    Again(DeploymentSummary),
    Host(Host),
}

impl Target {
    fn key(&self) -> String {
        match self {
            Self::Again(deployment) => deployment.deployment_hash.clone(),
            Self::Host(host) => host.id.to_string(),
        }
    }
}

/// How often the hosts are loaded while the dialog is open and no agent has joined yet: a started agent needs a moment.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

fn look_for_hosts(
    project: i32,
    hosts: RwSignal<Vec<Host>>,
    loading: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
) {
    spawn_local(async move {
        match hosts_of_project(project).await {
            Ok(all) => {
                let is_there = all.iter().any(|host| host.last_seen_at.is_some());
                let is_closed = hosts.try_set(all).is_some();
                if !is_there && !is_closed {
                    set_timeout(move || look_for_hosts(project, hosts, loading, problem), LOOK_AGAIN_AFTER);
                }
            }
            Err(error) => drop(problem.try_set(Some(error.to_string()))),
        }
        loading.try_set(false);
    });
}

#[component]
pub fn Targets(warnings: Memo<usize>) -> impl IntoView {
    let session = use_session();
    let operation = session.operation;
    let hosts = RwSignal::new(Vec::<Host>::new());
    let loading = RwSignal::new(true);
    let problem = RwSignal::new(None::<String>);
    let adding = RwSignal::new(false);
    let joining = RwSignal::new(None::<Joining>);
    let sending = RwSignal::new(false);
    let chosen = RwSignal::new(None::<String>);
    Effect::new(move || look_for_hosts(session.project, hosts, loading, problem));
    // Existing deployments first, then this machine, then the other hosts.
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
        targets.extend(hosts.into_iter().filter(|host| host.last_seen_at.is_some()).map(Target::Host));
        targets
    });
    let picked = Memo::new(move |_| {
        targets.with(|targets| {
            let wanted = chosen.get();
            let found = targets.iter().find(|target| Some(target.key()) == wanted);
            found.or(targets.first()).cloned()
        })
    });
    let plan = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        match picked.get_untracked() {
            None => {}
            Some(Target::Again(deployment)) => {
                let wish = Wish { hash: deployment.deployment_hash.clone(), ..Wish::default() };
                operation.wish.set(Some((wish, host_of(&deployment))));
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
    let joined = Callback::new(move |id: Uuid| {
        chosen.set(Some(id.to_string()));
        adding.set(false);
        joining.set(None);
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
                                    "{} in this stack: it will run, and the problems list says what may hurt.",
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
                (!loading.get() && none.get() && !adding.get())
                    .then(|| {
                        view! {
                            <p class="text-muted">
                                "No host has joined yet. Any Linux machine with Docker or Podman will do; on this machine the server starts an agent by itself when it finds one of them."
                            </p>
                        }
                    })
            }}
            {move || problem.get().map(|why| view! { <Callout tone=Tone::Error title="Nothing was deployed">{why}</Callout> })}
            <div class="flex flex-wrap items-center gap-2">
                {move || {
                    (!adding.get())
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
                                    <Button look=Look::Primary kind="submit" disabled=sending attr:data-testid="deploy-plan">
                                        {move || if sending.get() { "Preparing…" } else { "See what would change" }}
                                    </Button>
                                }
                            })
                    }}
                </span>
            </div>
        </form>
        {move || {
            adding
                .get()
                .then(|| {
                    view! {
                        <div class="mt-3 border-t border-line pt-4">
                            <AddHost joining hosts done=joined />
                        </div>
                    }
                })
        }}
    }
    .into_any()
}

fn described(target: &Target) -> (String, String, words::Shown) {
    match target {
        Target::Again(deployment) => (
            format!("Update on {}", host_of(deployment)),
            format!("The deployment {}", deployment.stack),
            words::of_deployment(deployment.status),
        ),
        Target::Host(host) => {
            let place = if host.is_local { "this machine" } else { "a host of yours" };
            let engine =
                host.engine.clone().unwrap_or_else(|| "no container engine answers there".to_owned());
            (format!("New on {}", host.name), format!("{place} · {engine}"), words::of_host(host))
        }
    }
}
