//! The revisions of a deployment, newest first: what differs between them, and going back to one.

use domain::{
    access::ProjectRole,
    api::{Revision, RevisionOutcome, RevisionSummary},
};
use leptos::{prelude::*, task::spawn_local};

use super::{live::Live, plan::Wish, words};
use crate::{
    components::{
        Badge, Callout, Dialog, DiffTable, Icon, Look, MENU_ITEM, MarkedText, Menu, Sign, Status, Tone,
        age_of, diff_rows,
    },
    rpc::deployments::load_revision,
};

#[component]
pub fn History(
    live: RwSignal<Live>,
    /// Setting it opens the plan dialog.
    wish: RwSignal<Option<Wish>>,
) -> impl IntoView {
    let compared = RwSignal::new(None::<i32>);
    let numbers = Memo::new(move |_| {
        // Leaves out revisions that were only planned, because they were never deployed.
        let tried = |it: &&RevisionSummary| it.outcome != RevisionOutcome::Planned;
        live.with(|live| live.detail.revisions.iter().filter(tried).map(|it| it.number).collect::<Vec<_>>())
    });
    view! {
        <section class="flex flex-col gap-2" aria-labelledby="history-title">
            <h2 id="history-title" class="text-lead font-semibold">
                "History"
            </h2>
            {move || {
                numbers
                    .with(Vec::is_empty)
                    .then(|| view! { <p class="text-muted">"Not deployed yet. Each deployment adds a revision here that you can go back to."</p> })
            }}
            <ol class="rounded-panel bg-panel hairline empty:hidden" data-testid="history">
                <For each=move || numbers.get() key=|number| *number let:number>
                    <Row live number compared wish />
                </For>
            </ol>
            <Compare live compared />
        </section>
    }
}

#[component]
fn Row(
    live: RwSignal<Live>,
    number: i32,
    compared: RwSignal<Option<i32>>,
    wish: RwSignal<Option<Wish>>,
) -> impl IntoView {
    let revision = Memo::new(move |_| {
        live.with(|live| live.detail.revisions.iter().find(|revision| revision.number == number).cloned())
    });
    let runs = Memo::new(move |_| live.with(|live| live.detail.summary.running_revision == Some(number)));
    // Going back is planned by the agent of a host.
    let can_go_back = Memo::new(move |_| {
        let is_possible = |live: &Live| {
            !live.has_ended() && live.is_for(ProjectRole::Operator) && live.detail.summary.host.is_some()
        };
        !runs.get() && live.with(is_possible)
    });
    let of = move |part: fn(&RevisionSummary) -> Option<String>| {
        move || revision.with(|revision| revision.as_ref().and_then(part))
    };
    let shown = Memo::new(move |_| {
        revision
            .with(|revision| revision.as_ref().map(|it| words::of_revision(it.outcome)))
            .unwrap_or_default()
    });
    let age = age_of(move || {
        revision.with(|revision| revision.as_ref().map(|it| it.ended_at.unwrap_or(it.created_at)))
    });
    let go_back = move |_| {
        let hash = live.with_untracked(|live| live.detail.summary.deployment_hash.clone());
        wish.set(Some(Wish { hash, revision: Some(number), ..Wish::default() }));
    };
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    view! {
        <li
            class="flex items-start gap-x-4 border-t border-line py-2 pr-2 pl-4 first:border-t-0"
            data-testid=format!("revision-{number}")
        >
            <div class="flex min-w-0 flex-1 flex-col gap-0.5 py-1">
                <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <h3 class="tabular font-medium">{format!("Revision {number}")}</h3>
                    <Status
                        state=Signal::derive(move || shown.get().0)
                        word=Signal::derive(move || shown.get().1.to_owned())
                        age
                    />
                    {move || runs.get().then(|| view! { <Badge>"running"</Badge> })}
                </div>
                <p class="text-muted">
                    {of(|it| Some(match it.returns_to {
                        Some(earlier) => format!("Revision {earlier} again, by {}", it.created_by),
                        None => format!("By {}", it.created_by),
                    }))}
                </p>
                <p class="wrap-anywhere text-muted empty:hidden">{move || of(|it| it.message.clone())().map(|text| view! { <MarkedText text /> })}</p>
            </div>
            {move || {
                can_go_back
                    .get()
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class=format!("{} max-sm:hidden", Look::Quiet.class())
                                on:click=go_back
                                data-testid=format!("go-back-{number}")
                            >
                                <Icon sign=Sign::Undo />
                                "Go back to this revision"
                            </button>
                        }
                    })
            }}
            <Menu id=format!("revision-menu-{number}") label=format!("Actions for revision {number}") button>
                <button type="button" class=MENU_ITEM on:click=move |_| compared.set(Some(number))>
                    <Icon sign=Sign::File />
                    "Show differences…"
                </button>
                {move || {
                    can_go_back
                        .get()
                        .then(|| {
                            view! {
                                <button type="button" class=format!("{MENU_ITEM} sm:hidden") on:click=go_back>
                                    <Icon sign=Sign::Undo />
                                    "Go back to this revision"
                                </button>
                            }
                        })
                }}
            </Menu>
        </li>
    }
}

/// Shows a revision beside the one before it.
#[component]
fn Compare(live: RwSignal<Live>, compared: RwSignal<Option<i32>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let texts = RwSignal::new(None::<Result<(Option<Revision>, Revision), String>>);
    Effect::new(move || {
        let Some(number) = compared.get() else { return };
        open.set(true);
        texts.set(None);
        let (hash, before) = live.with_untracked(|live| {
            let tried = live.detail.revisions.iter().filter(|it| it.outcome != RevisionOutcome::Planned);
            let earlier = tried.map(|it| it.number).filter(|it| *it < number).max();
            (live.detail.summary.deployment_hash.clone(), earlier)
        });
        spawn_local(async move {
            let loaded = async {
                let before = match before {
                    Some(before) => Some(load_revision(hash.clone(), before).await?),
                    None => None,
                };
                Ok((before, load_revision(hash, number).await?))
            };
            let loaded: Result<_, crate::rpc::RpcError> = loaded.await;
            texts.try_set(Some(loaded.map_err(|error| error.to_string())));
        });
    });
    // Closing clears the selection, so that the same revision can be opened again.
    Effect::new(move || {
        if !open.get() {
            compared.set(None);
        }
    });
    let shown = move || {
        texts.get().map(|texts| match texts {
            Err(why) => view! { <Callout tone=Tone::Error title=why /> }.into_any(),
            Ok((before, this)) => {
                let title = |revision: &Revision| format!("Revision {}", revision.summary.number);
                let left = before.as_ref().map_or_else(|| "No earlier revision".to_owned(), title);
                let rows = diff_rows(before.as_ref().map_or("", |it| it.compose.as_str()), &this.compose);
                let same = rows.iter().all(|row| row.same);
                view! {
                    {same.then(|| view! { <p class="pb-3">"The compose file is identical."</p> })}
                    <DiffTable left right=title(&this) rows />
                }
                .into_any()
            }
        })
    };
    view! {
        <Dialog id="compare" title="Differences" open>
            {move || texts.with(Option::is_none).then(|| view! { <p class="text-muted">"Loading both versions…"</p> })}
            {shown}
        </Dialog>
    }
}
