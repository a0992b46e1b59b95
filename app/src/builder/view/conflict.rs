//! What happened to the changes of another tab or person: the notice after they were added here, and the dialog in which the
//! user chooses between two versions of the same part.

use domain::{
    compose::Position,
    stack::{
        Stack,
        merge::{Conflict, Part, merge},
    },
};
use leptos::{ev::MouseEvent, prelude::*};

use super::prose::Prose;
use crate::{
    browser,
    builder::{
        model::catch_up::listed,
        state::{
            catching_up,
            server_copy::Saving,
            session::{Session, use_session},
        },
    },
    components::{
        Button, Dialog, DiffRow, DiffTable, Icon, Look, MarkedText, Sign, diff_rows, difference_after,
        row_of_line,
    },
};

/// The ids of the rows of the comparison begin with this.
const ROW: &str = "conflict-row";

/// The two versions, and what is in dispute between them.
#[derive(Clone, Debug)]
struct Versions {
    mine: Stack,
    theirs: Stack,
    conflicts: Vec<Conflict>,
}

impl Versions {
    /// `None` unless a conflict waits for a choice. Subscribes to everything that it depends on.
    fn of(session: Session) -> Option<Self> {
        let theirs = session.server.saving.with(|saving| match saving {
            Saving::Conflict(theirs) => Some(catching_up::stack_of(theirs)),
            _ => None,
        })?;
        let mine = session.document.read(Stack::clone);
        let conflicts = session.server.saved.with(|saved| merge(&saved.stack, &mine, &theirs)).err()?;
        Some(Self { mine, theirs, conflicts })
    }

    /// The disputed parts, each with the row of the comparison in which its first difference is.
    fn places(&self, rows: &[DiffRow]) -> Vec<(String, usize)> {
        let line = |stack: &Stack, offset| Position::of(stack.text(), offset).line - 1;
        let row = |conflict: &Conflict| {
            let mine =
                conflict.mine.map(|place| row_of_line(rows, |row| &row.left, line(&self.mine, place.start)));
            let theirs = conflict
                .theirs
                .map(|place| row_of_line(rows, |row| &row.right, line(&self.theirs, place.start)));
            let start = mine.into_iter().chain(theirs).min()?;
            Some((conflict.part.to_string(), difference_after(rows, start)))
        };
        self.conflicts.iter().filter_map(row).collect()
    }
}

/// Shown until dismissed.
#[component]
pub fn MergedNotice() -> impl IntoView {
    let session = use_session();
    move || {
        session.notices.merged.get().map(|text| {
            view! {
                <div class="builder-banner" role="status" data-testid="merged">
                    <span class="text-muted">
                        <Icon sign=Sign::Info />
                    </span>
                    <p class="min-w-0 flex-1 wrap-anywhere">
                        <Prose text />
                    </p>
                    <Button look=Look::Quiet on:click=move |_| session.notices.merged.set(None)>
                        "Dismiss"
                    </Button>
                </div>
            }
        })
    }
}

#[component]
pub fn ConflictDialog() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    // An effect, not a memo: the button "Choose" notifies without changing anything, to open the dialog again.
    Effect::new(move || open.set(session.server.saving.with(|saving| matches!(saving, Saving::Conflict(_)))));
    view! {
        <Dialog id="conflict" title="This stack was changed elsewhere" open>
            {move || Versions::of(session).map(|versions| view! { <Choice versions /> })}
        </Dialog>
    }
}

#[component]
fn Choice(versions: Versions) -> impl IntoView {
    let session = use_session();
    let rows = diff_rows(versions.mine.text(), versions.theirs.text());
    let places = versions.places(&rows);
    if let Some((_, first)) = places.first() {
        let id = format!("{ROW}-{first}");
        request_animation_frame(move || browser::bring_to_middle(&id));
    }
    let parts: Vec<Part> = versions.conflicts.iter().map(|conflict| conflict.part.clone()).collect();
    let whole = parts.contains(&Part::File);
    let notes = notes(&versions);
    let save_copy = |name: &'static str, stack: &Stack| {
        let text = stack.text().to_owned();
        move |_: MouseEvent| drop(browser::download(name, "application/yaml", &text))
    };
    let jumps = places
        .into_iter()
        .map(|(part, row)| {
            view! {
                <button
                    type="button"
                    class=Look::Plain.class()
                    data-testid="conflict-jump"
                    on:click=move |_| browser::bring_to_middle(&format!("{ROW}-{row}"))
                >
                    <span class="truncate">
                        "Show "<MarkedText text=part />
                    </span>
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="flex flex-col gap-4" data-testid="conflict">
            <p>
                {if whole {
                    view! {
                        "Another tab or person saved a version that can't be merged with yours. The one you choose replaces the whole file."
                    }
                        .into_any()
                } else {
                    view! {
                        <Prose text=format!("Another tab or person also changed {}.", listed(&parts)) />
                        " All other changes of both versions are kept, whichever you choose."
                    }
                        .into_any()
                }}
            </p>
            <div class="flex flex-wrap gap-2">{jumps}</div>
            <DiffTable left="Yours, in this tab" right="Theirs, on the server" rows row_id=ROW />
            {notes}
            <div class="flex flex-wrap justify-end gap-2">
                <Button look=Look::Quiet on:click=save_copy("docker-compose.mine.yml", &versions.mine)>
                    "Download yours"
                </Button>
                <Button look=Look::Quiet on:click=save_copy("docker-compose.theirs.yml", &versions.theirs)>
                    "Download theirs"
                </Button>
                <Button
                    look=Look::Plain
                    attr:data-testid="conflict-theirs"
                    on:click=move |_| catching_up::take_theirs(session)
                >
                    "Take theirs"
                </Button>
                <Button
                    look=Look::Primary
                    attr:data-testid="conflict-mine"
                    on:click=move |_| catching_up::keep_mine(session)
                >
                    "Keep mine"
                </Button>
            </div>
            <p class="text-caption text-muted">
                "Undo brings the other version back. If you close this window, nothing is saved until you choose; “Choose” above opens it again."
            </p>
        </div>
    }
}

/// Notes are not in the file, so both are shown here.
fn notes(versions: &Versions) -> impl IntoView + use<> {
    let disputed = versions.conflicts.iter().filter_map(|conflict| match &conflict.part {
        Part::Note(service) => Some(service),
        _ => None,
    });
    let note = |stack: &Stack, service: &str| {
        stack.canvas().notes.get(service).map_or_else(|| "no note".to_owned(), |note| format!("“{note}”"))
    };
    disputed
        .map(|service| {
            let (mine, theirs) = (note(&versions.mine, service), note(&versions.theirs, service));
            view! {
                <p class="wrap-anywhere">
                    "Note of "<code class="prose-code">{service.clone()}</code>": yours is "{mine}", theirs is "{theirs}"."
                </p>
            }
        })
        .collect_view()
}
