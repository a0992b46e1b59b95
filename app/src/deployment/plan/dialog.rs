//! The dialog in which a plan is made, shown and applied.

use leptos::prelude::*;

use super::flow::{PlanFlow, Wish};
use crate::{
    components::Dialog,
    deployment::{agreed::Agreed, live::Live},
};

/// Open while `wish` is set; applying or closing it clears the wish.
#[component]
pub fn PlanDialog(live: RwSignal<Live>, wish: RwSignal<Option<Wish>>) -> impl IntoView {
    let open = RwSignal::new(false);
    // The wish opens the dialog, and closing the dialog clears the wish. Each effect writes only if something changes;
    // otherwise they would trigger each other forever.
    Effect::new(move || {
        let wanted = wish.with(Option::is_some);
        if open.get_untracked() != wanted {
            open.set(wanted);
        }
    });
    let stale = Memo::new(move |_| live.with(|live| live.stale.clone()));
    // The host has changed since the plan was made: make a new plan and show it.
    Effect::new(move || {
        let Some((number, why)) = stale.get() else { return };
        let again = live.with_untracked(|live| Wish {
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
        wish.set(Some(again));
    });
    Effect::new(move || {
        if !open.get() && wish.with_untracked(Option::is_some) {
            wish.set(None);
        }
    });
    let flow = move || {
        wish.get().map(|wish_now| {
            let host = live.with_untracked(|live| {
                live.detail
                    .summary
                    .host
                    .as_ref()
                    .map_or_else(|| "the agent".to_owned(), |host| host.name.clone())
            });
            let (title, verb) = match (wish_now.revision, wish_now.recreate.is_empty()) {
                (Some(_), true) => ("Go back to an earlier revision", "Go back"),
                (_, false) => ("Restore what was deployed", "Restore"),
                _ => ("Deploy the current project", "Apply"),
            };
            let started = Callback::new(move |_| wish.set(None));
            let going_back = wish_now.revision.is_some();
            let flow = move || {
                let (wish, host) = (wish_now.clone(), host.clone());
                view! { <PlanFlow wish verb host on_started=started /> }
            };
            view! {
                <p class="pb-3 text-muted">{title}</p>
                {if going_back { flow().into_any() } else { view! { <Agreed>{flow()}</Agreed> }.into_any() }}
            }
        })
    };
    view! {
        <Dialog id="plan" title="Plan" open>
            {flow}
        </Dialog>
    }
}
