//! Shows messages where they belong: a refused edit at its place, a read-only project and a stored draft at the top.

use leptos::prelude::*;

use super::prose::Prose;
use crate::{
    builder::state::{local_draft, notices::Spot, session::use_session},
    components::{Button, Icon, Look, Sign},
};

/// Shows why the last edit at this spot was refused, or what it took along. It disappears with the next edit.
#[component]
pub fn RefusalAt(spot: Spot) -> impl IntoView {
    let session = use_session();
    let message = Memo::new(move |_| {
        session.notices.refusal.with(|refusal| {
            refusal.as_ref().filter(|(at, _)| *at == spot).map(|(_, why)| why.message.clone())
        })
    });
    let report = Memo::new(move |_| {
        session
            .notices
            .report
            .with(|report| report.as_ref().filter(|(at, _)| *at == spot).map(|(_, text)| text.clone()))
    });
    view! {
        <div aria-live="polite">
            {move || {
                report
                    .get()
                    .map(|text| {
                        view! {
                            <div class="refusal refusal-report" data-testid="report">
                                <p class="min-w-0 flex-1 wrap-anywhere">
                                    <Prose text />
                                </p>
                                <Dismiss on_click=Callback::new(move |()| session.notices.report.set(None)) />
                            </div>
                        }
                    })
            }}
        </div>
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
                                <Dismiss on_click=Callback::new(move |()| session.notices.refusal.set(None)) />
                            </div>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn Dismiss(on_click: Callback<()>) -> impl IntoView {
    view! {
        <button type="button" class="refusal-close" aria-label="Dismiss" on:click=move |_| on_click.run(())>
            <Icon sign=Sign::Close size=12 />
        </button>
    }
}

/// The banner of a project in which the user's role does not allow editing.
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
                    {format!("You are {} of this project: you can look at everything, but not change it.", session.role)}
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

/// Offers the draft stored in this browser when the project is opened. It lies above the canvas, so that nothing moves.
#[component]
pub fn DraftOffer() -> impl IntoView {
    let session = use_session();
    move || {
        session.notices.local_draft.with(Option::is_some).then(|| {
            view! {
                <div class="draft-offer" role="status" data-testid="draft-offer">
                    <span class="text-warn">
                        <Icon sign=Sign::Warning />
                    </span>
                    <p class="min-w-40 flex-1">
                        <strong class="font-semibold">"Unsaved draft found. "</strong>
                        "This browser kept a text of this project that could not be saved."
                    </p>
                    <Button look=Look::Plain on:click=move |_| local_draft::open(session) attr:data-testid="draft-open">
                        "Open the draft"
                    </Button>
                    <Button look=Look::Quiet on:click=move |_| local_draft::discard(session) attr:data-testid="draft-discard">
                        "Discard the draft"
                    </Button>
                </div>
            }
        })
    }
}
