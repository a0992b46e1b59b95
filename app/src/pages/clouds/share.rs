//! The dialog that shares a cloud with projects.

use std::collections::BTreeSet;

use domain::{access::ProjectRole, api::ProjectSummary, cloud::CloudItem};
use leptos::{prelude::*, task::spawn_local};

use super::state::CloudsState;
use crate::{
    components::{Button, Callout, Dialog, Look, MarkedText, Tone, focus_once},
    rpc::{clouds::share_cloud, projects::list_projects},
};

#[component]
pub(super) fn ShareDialog(state: CloudsState) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if state.sharing.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            state.sharing.set(None);
        }
    });
    view! {
        <Dialog id="share-cloud" title="Share with projects" open>
            {move || state.sharing.get().map(|cloud| view! { <Choose cloud state open /> })}
        </Dialog>
    }
}

#[component]
fn Choose(cloud: CloudItem, state: CloudsState, open: RwSignal<bool>) -> impl IntoView {
    let id = cloud.id;
    let chosen: BTreeSet<i32> = cloud.shared_with.iter().map(|project| project.project_id).collect();
    let chosen = RwSignal::new(chosen);
    let projects = RwSignal::new(None::<Vec<ProjectSummary>>);
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(false);
    Effect::new(move || {
        spawn_local(async move {
            match list_projects(None).await {
                Ok(mut all) => {
                    all.retain(|project| project.role == ProjectRole::Owner);
                    projects.try_set(Some(all));
                }
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
        });
    });
    focus_once(move || projects.with(Option::is_some));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        sending.set(true);
        problem.set(None);
        let wanted = chosen.get_untracked().into_iter().collect();
        spawn_local(async move {
            match share_cloud(id, wanted).await {
                Ok(_) => {
                    state.reload();
                    open.try_set(false);
                }
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
            sending.try_set(false);
        });
    };
    let row = move |project: ProjectSummary| {
        let id = project.id;
        let toggle = move |_| {
            chosen.update(|chosen| {
                if !chosen.remove(&id) {
                    chosen.insert(id);
                }
            });
        };
        view! {
            <label class="flex items-center gap-3 border-t border-line px-3 py-2 first:border-t-0 hover:bg-hover">
                <input
                    type="checkbox"
                    class="size-4 accent-accent"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                    on:change=toggle
                />
                <span class="min-w-0 flex-1 wrap-anywhere">{project.name}</span>
            </label>
        }
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=send>
            <p class="text-muted">
                "Operators and editors of these projects can create machines with this cloud, at your cost. They never see its key."
            </p>
            {move || match projects.get() {
                None => view! { <p role="status" class="text-muted">"Loading your projects…"</p> }.into_any(),
                Some(all) if all.is_empty() => view! { <p class="text-muted">"You have no project yet."</p> }.into_any(),
                Some(all) => {
                    view! {
                        <fieldset class="flex max-h-80 flex-col overflow-y-auto rounded-panel hairline">
                            <legend class="sr-only">"Projects"</legend>
                            {all.into_iter().map(row).collect_view()}
                        </fieldset>
                    }
                        .into_any()
                }
            }}
            {move || problem.get().map(|why| view! { <Callout tone=Tone::Error title="Not saved"><MarkedText text=why /></Callout> })}
            <div class="flex justify-end">
                <Button look=Look::Primary kind="submit" disabled=sending>
                    "Save"
                </Button>
            </div>
        </form>
    }
    .into_any()
}
