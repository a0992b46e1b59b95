//! What is said where it happened: refusals, and text that was kept on this device.

use leptos::prelude::*;

use super::prose::Prose;
use crate::{
    builder::state::{
        local_draft,
        session::{Spot, use_session},
    },
    components::{Button, Icon, Look, Sign},
};

/// Why the last action at this spot was not done. Gone with the next action.
#[component]
pub fn RefusalAt(spot: Spot) -> impl IntoView {
    let session = use_session();
    let message = Memo::new(move |_| {
        session.refusal.with(|refusal| {
            refusal.as_ref().filter(|(at, _)| *at == spot).map(|(_, why)| why.message.clone())
        })
    });
    view! {
        <div aria-live="assertive">
            {move || {
                message
                    .get()
                    .map(|message| {
                        view! {
                            <div class="refusal" data-testid="refusal">
                                <span class="mt-0.5 text-error">
                                    <Icon sign=Sign::Error />
                                </span>
                                <p class="min-w-0 flex-1 wrap-anywhere">
                                    <Prose text=message />
                                </p>
                                <button
                                    type="button"
                                    class="refusal-close"
                                    aria-label="Dismiss"
                                    on:click=move |_| session.refusal.set(None)
                                >
                                    <Icon sign=Sign::Close size=12 />
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// At the top of a project that one was let into for less than editing.
#[component]
pub fn ReadOnly() -> impl IntoView {
    let session = use_session();
    (!session.can_edit()).then(|| {
        view! {
            <div class="builder-banner" role="status" data-testid="read-only">
                <span class="text-muted">
                    <Icon sign=Sign::Eye />
                </span>
                <p class="min-w-0 flex-1">
                    {format!("You are {} of this project: look at everything, change nothing.", session.role)}
                </p>
                <form method="post" action=format!("/projects/{}/duplicate", session.project)>
                    <Button look=Look::Plain kind="submit">
                        "Duplicate it"
                    </Button>
                </form>
            </div>
        }
    })
}

/// Offered at the top when the project is opened.
#[component]
pub fn DraftOffer() -> impl IntoView {
    let session = use_session();
    move || {
        session.kept.with(Option::is_some).then(|| {
            view! {
                <div class="builder-banner" role="status" data-testid="draft-offer">
                    <span class="text-warn">
                        <Icon sign=Sign::Warning />
                    </span>
                    <p class="min-w-0 flex-1">
                        "A text of this project that could not be saved was kept in this browser."
                    </p>
                    <Button look=Look::Plain on:click=move |_| local_draft::open(session) attr:data-testid="draft-open">
                        "Open it"
                    </Button>
                    <Button look=Look::Quiet on:click=move |_| local_draft::discard(session) attr:data-testid="draft-discard">
                        "Discard it"
                    </Button>
                </div>
            }
        })
    }
}
