//! Marks in the gutter of the text, and cards with the findings they stand for.

use leptos::prelude::*;

use super::problems::{FixButton, tone_of};
use crate::{
    builder::{
        model::{lines, marks::Mark},
        state::{notices::Spot, session::use_session},
        view::prose::Prose,
    },
    components::Icon,
};

/// In pixels. The style sheet contains the same value.
pub const LINE_HEIGHT: usize = 20;

#[component]
pub fn GutterMarks(marks: Memo<Vec<Mark>>) -> impl IntoView {
    let session = use_session();
    let opened = RwSignal::new(None::<usize>);
    // An open card closes when its line has no findings any more.
    let open = Memo::new(move |_| {
        opened.get().and_then(|line| marks.with(|marks| marks.iter().find(|mark| mark.line == line).cloned()))
    });
    view! {
        <For each=move || marks.get() key=|mark| (mark.line, lines::mark_of(mark.worst), mark.findings.len()) let:mark>
            {
                let tone = tone_of(mark.worst);
                let line = mark.line;
                let count = mark.findings.len();
                view! {
                    <button
                        type="button"
                        class=format!("gutter-mark {}", tone.ink())
                        style:top=format!("{}px", line * LINE_HEIGHT)
                        data-testid=format!("mark-{}", line + 1)
                        aria-label=format!(
                            "Line {}: {}",
                            line + 1,
                            if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") },
                        )
                        aria-expanded=move || if opened.get() == Some(line) { "true" } else { "false" }
                        on:click=move |_| opened.update(|opened| *opened = (*opened != Some(line)).then_some(line))
                    >
                        <Icon sign=tone.sign() size=14 />
                    </button>
                }
            }
        </For>
        {move || {
            open.get()
                .map(|mark| {
                    view! {
                        <div class="mark-card" style:top=format!("{}px", (mark.line + 1) * LINE_HEIGHT) data-testid="mark-card">
                            {mark
                                .findings
                                .into_iter()
                                .map(|finding| {
                                    view! {
                                        <div class="flex flex-col items-start gap-1">
                                            <p>
                                                <Prose text=finding.message.clone() />
                                            </p>
                                            <FixButton finding session spot=Spot::Text />
                                        </div>
                                    }
                                })
                                .collect_view()}
                        </div>
                    }
                })
        }}
    }
}
