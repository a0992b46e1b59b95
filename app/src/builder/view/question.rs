//! The dialog in which an edit asks before it is made.

use leptos::prelude::*;

use super::prose::Prose;
use crate::{
    builder::state::session::use_session,
    components::{Button, Dialog, DialogClose, Look},
};

#[component]
pub fn QuestionDialog() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let asked = session.notices.asked;
    Effect::new(move || open.set(asked.with(Option::is_some)));
    // Closing the dialog without an answer leaves everything as it was.
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is {
            asked.set(None);
        }
        is
    });
    view! {
        <Dialog id="question" title="Before this is changed" open>
            {move || {
                asked
                    .get()
                    .map(|(spot, asked)| {
                        view! {
                            <div class="flex flex-col gap-4" data-testid="question">
                                <p class="wrap-anywhere">
                                    <Prose text=asked.text />
                                </p>
                                <ul class="flex flex-col gap-1" data-testid="question-lines">
                                    {asked
                                        .lines
                                        .into_iter()
                                        .map(|(number, line)| {
                                            view! {
                                                <li class="flex gap-2 text-caption">
                                                    <span class="shrink-0 text-muted tabular-nums">{format!("Line {number}")}</span>
                                                    <code class="min-w-0 font-mono wrap-anywhere">{line}</code>
                                                </li>
                                            }
                                        })
                                        .collect_view()}
                                </ul>
                                <div class="flex flex-wrap justify-end gap-2">
                                    <DialogClose dialog="question" look=Look::Quiet>
                                        "Cancel"
                                    </DialogClose>
                                    {asked
                                        .answers
                                        .into_iter()
                                        .enumerate()
                                        .rev()
                                        .map(|(number, (label, attempt))| {
                                            let look = if number == 0 { Look::Primary } else { Look::Plain };
                                            view! {
                                                <Button look on:click=move |_| session.answer(spot, &attempt)>
                                                    {label}
                                                </Button>
                                            }
                                        })
                                        .collect_view()}
                                </div>
                            </div>
                        }
                    })
            }}
        </Dialog>
    }
}
