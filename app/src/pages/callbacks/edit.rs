//! The dialog that adds or changes a callback; then it shows the secret once, if there is a new one.

use std::collections::BTreeSet;

use domain::{
    access::ProjectRole,
    callback::{CallbackEvent, CreateCallback},
};
use leptos::{prelude::*, task::spawn_local};

use super::{
    about,
    state::{Asking, CallbacksState, NewSecret},
};
use crate::{
    components::{Button, Dialog, Look, Select, ShownOnce, TextInput},
    rpc::{
        callbacks::{add_callback, change_callback},
        projects::list_projects,
    },
};

const MAX_URL_CHARACTERS: u16 = 2_000;
/// Stands for all projects.
const ALL_PROJECTS: &str = "";
/// What is ticked at first.
const USUAL: [CallbackEvent; 3] =
    [CallbackEvent::DeploymentCompleted, CallbackEvent::DeploymentFailed, CallbackEvent::AgentOffline];

#[component]
pub(super) fn CallbackDialog(state: CallbacksState) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if state.asking.with(Option::is_some) || state.new_secret.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            state.asking.set(None);
            state.new_secret.set(None);
        }
    });
    view! {
        <Dialog id="callback" title="Callback" open>
            {move || match (state.new_secret.get(), state.asking.get()) {
                (Some(secret), _) => view! { <Secret secret open /> }.into_any(),
                (None, Some(asking)) => view! { <Ask asking open state /> }.into_any(),
                (None, None) => ().into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn Ask(asking: Asking, open: RwSignal<bool>, state: CallbacksState) -> impl IntoView {
    let changed = match asking {
        Asking::New => None,
        Asking::Change(callback) => Some(*callback),
    };
    let (first_url, first_events) = match &changed {
        Some(callback) => (callback.url.clone(), callback.events.iter().copied().collect()),
        None => (String::new(), BTreeSet::from(USUAL)),
    };
    let id = changed.as_ref().map(|callback| callback.id);
    let url = RwSignal::new(first_url);
    let events = RwSignal::new(first_events);
    let project = RwSignal::new(ALL_PROJECTS.to_owned());
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if sending.get_untracked() {
            return;
        }
        sending.set(true);
        problem.set(None);
        let url = url.get_untracked().trim().to_owned();
        let events: Vec<_> =
            events.with_untracked(|events| events.iter().map(|event| event.as_str().to_owned()).collect());
        let project_id = project.get_untracked().parse().ok();
        spawn_local(async move {
            let done = match id {
                None => add_callback(CreateCallback { url, events, project_id }).await,
                Some(id) => change_callback(id, url, events).await,
            };
            match done {
                Ok(callback) => {
                    if callback.secret.is_none() {
                        open.try_set(false);
                    }
                    state.changed(Ok(callback));
                }
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
            sending.try_set(false);
        });
    };
    let tick = move |event: CallbackEvent| {
        let toggle = move |_| {
            events.update(|events| {
                if !events.remove(&event) {
                    events.insert(event);
                }
            });
        };
        view! {
            <label class="flex min-h-control items-center gap-2">
                <input
                    type="checkbox"
                    class="size-4 accent-accent"
                    prop:checked=move || events.with(|events| events.contains(&event))
                    on:change=toggle
                />
                <span class="min-w-0 wrap-anywhere">
                    {event.label()} " " <code class="font-mono text-caption text-muted">{event.as_str()}</code>
                </span>
            </label>
        }
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=send>
            <TextInput
                id="callback-url"
                label="Address"
                required=true
                mono=true
                max_length=MAX_URL_CHARACTERS
                placeholder="https://example.com/hooks/stacker"
                help="Addresses of private networks are called only if the operator of this server allows them."
                bind=Signal::derive(move || url.get())
                on_input=Callback::new(move |text| url.set(text))
                error=Signal::derive(move || problem.get())
            />
            <fieldset class="flex flex-col gap-1">
                <legend class="font-medium">"Call it when"</legend>
                {CallbackEvent::ALL.map(tick).collect_view()}
            </fieldset>
            {match &changed {
                None => view! { <ProjectChoice project problem /> }.into_any(),
                Some(callback) => view! { <p class="text-muted wrap-anywhere">{about(callback)}</p> }.into_any(),
            }}
            <div class="flex justify-end">
                <Button look=Look::Primary kind="submit" disabled=sending>
                    {if id.is_some() { "Save the changes" } else { "Add this callback" }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// All own projects, or one of them.
#[component]
fn ProjectChoice(project: RwSignal<String>, problem: RwSignal<Option<String>>) -> impl IntoView {
    let projects = RwSignal::new(vec![(ALL_PROJECTS.to_owned(), "All my projects".to_owned())]);
    Effect::new(move || {
        spawn_local(async move {
            match list_projects(None).await {
                Ok(all) => {
                    let own = all.into_iter().filter(|project| project.role == ProjectRole::Owner);
                    let own = own.map(|project| (project.id.to_string(), project.name));
                    projects.try_update(|projects| projects.extend(own));
                }
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
        });
    });
    move || {
        view! {
            <Select
                id="callback-project"
                label="Project"
                options=projects.get()
                value=Signal::derive(move || project.get())
                on_change=Callback::new(move |chosen| project.set(chosen))
            />
        }
    }
}

#[component]
fn Secret(secret: NewSecret, open: RwSignal<bool>) -> impl IntoView {
    let NewSecret { host, secret } = secret;
    let lines = vec![("Secret", "Signing secret".to_owned(), secret)];
    view! {
        <ShownOnce
            title=format!("The callback to {host} is ready")
            text="Your program needs it to check the signature of each call."
            lines
            open
        />
    }
}
