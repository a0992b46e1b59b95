//! The banner about changes that were made on the host by hand: restore what was deployed, or adopt the change.

use domain::{
    access::ProjectRole,
    deploy::{Drift, DriftKind},
};
use leptos::{prelude::*, task::spawn_local};

use super::{live::Live, plan::Wish, words};
use crate::{
    components::{Button, Icon, Look, MarkedText, Sign},
    rpc::deployments::adopt_drift,
};

#[component]
pub fn DriftBanner(live: RwSignal<Live>, wish: RwSignal<Option<Wish>>) -> impl IntoView {
    let drift = Memo::new(move |_| live.with(|live| live.detail.drift.clone()));
    let there = Memo::new(move |_| drift.with(|drift| !drift.is_empty()));
    move || there.get().then(|| view! { <Banner live drift wish /> })
}

#[component]
fn Banner(live: RwSignal<Live>, drift: Memo<Vec<Drift>>, wish: RwSignal<Option<Wish>>) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let done = RwSignal::new(false);
    let hash = move || live.with_untracked(|live| live.detail.summary.deployment_hash.clone());
    let project = live.with_untracked(|live| live.detail.summary.project_id);
    let can_restore = live.with_untracked(|live| live.is_for(ProjectRole::Operator));
    let is_editor = live.with_untracked(|live| live.is_for(ProjectRole::Editor));
    // Only a changed image can be adopted into the compose file; a stopped or removed service cannot.
    let can_adopt = Memo::new(move |_| {
        is_editor
            && drift.with(|drift| drift.iter().all(|it| it.kind == DriftKind::Changed && it.image.is_some()))
    });
    let adopt = move |_| {
        problem.set(None);
        let hash = hash();
        spawn_local(async move {
            match adopt_drift(hash).await {
                Ok(_) => drop(done.try_set(true)),
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
        });
    };
    let restore = move |_| {
        let revision = live.with_untracked(|live| live.detail.summary.running_revision);
        // Every deployment removes services that are not in the file.
        let of_file = |it: &&Drift| it.kind != DriftKind::Extra;
        let recreate =
            drift.with_untracked(|drift| drift.iter().filter(of_file).map(|it| it.service.clone()).collect());
        wish.set(Some(Wish { hash: hash(), revision, recreate, stale: None }));
    };
    view! {
        <section class="flex gap-2.5 rounded-panel bg-panel p-4 hairline" aria-labelledby="drift-title" data-testid="drift">
            <span class="text-warn">
                <Icon sign=Sign::Warning />
            </span>
            <div class="flex min-w-0 flex-1 flex-col gap-2">
                <h2 id="drift-title" class="font-medium">
                    "The stack was changed on the host"
                </h2>
                <ul class="flex flex-col gap-1">
                    {move || {
                        drift
                            .get()
                            .into_iter()
                            .map(|it| {
                                view! {
                                    <li class="wrap-anywhere">
                                        <span class="font-medium">{it.service}</span>
                                        <span class="text-muted"><MarkedText text=format!(" {}: {}", words::of_drift(it.kind), it.message) /></span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
                <div class="flex flex-wrap items-center gap-2">
                    {can_restore
                        .then(|| {
                            view! {
                                <Button on:click=restore attr:data-testid="drift-restore">
                                    "Restore what was deployed…"
                                </Button>
                            }
                        })}
                    {move || {
                        can_adopt
                            .get()
                            .then(|| {
                                view! {
                                    <Button look=Look::Quiet on:click=adopt attr:data-testid="drift-adopt">
                                        "Adopt it into the project"
                                    </Button>
                                }
                            })
                    }}
                </div>
                <p role="status" class="text-muted empty:hidden">
                    {move || {
                        done.get()
                            .then(|| {
                                view! {
                                    "The project now matches what is running. "
                                    <a class="underline" href=format!("/projects/{project}")>
                                        "Open it in the builder"
                                    </a>
                                }
                            })
                    }}
                </p>
                {move || problem.get().map(|why| view! { <p role="alert" class="text-error"><MarkedText text=why /></p> })}
            </div>
        </section>
    }
}
