//! The conflict dialog: shows two versions of one stack side by side, and the user chooses one.

use leptos::prelude::*;

use crate::{
    builder::state::{saving, server_copy::Saving, session::use_session},
    components::{Button, Dialog, DiffTable, Look, diff_rows},
};

#[component]
pub fn ConflictDialog() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let theirs = Memo::new(move |_| {
        session.server.saving.with(|saving| match saving {
            Saving::Conflict(theirs) => Some(theirs.compose.clone()),
            _ => None,
        })
    });
    // An effect, not a memo: the button "Choose" notifies without changing anything, to open the dialog again.
    Effect::new(move || open.set(session.server.saving.with(|saving| matches!(saving, Saving::Conflict(_)))));
    let rows = move || {
        let mine = session.document.read(|stack| stack.text().to_owned());
        theirs.get().map(|theirs| diff_rows(&mine, &theirs)).unwrap_or_default()
    };
    view! {
        <Dialog id="conflict" title="This stack was changed elsewhere" open>
            <div class="flex flex-col gap-4" data-testid="conflict">
                <p>
                    "Another tab or another person saved it in the meantime. Nothing of yours was lost and nothing of theirs was overwritten. Which version should stay?"
                </p>
                {move || view! { <DiffTable left="Yours, in this tab" right="Theirs, on the server" rows=rows() /> }}
                <div class="flex flex-wrap justify-end gap-2">
                    <Button
                        look=Look::Plain
                        attr:data-testid="conflict-theirs"
                        on:click=move |_| saving::take_theirs(session)
                    >
                        "Take theirs"
                    </Button>
                    <Button look=Look::Primary attr:data-testid="conflict-mine" on:click=move |_| saving::keep_mine(session)>
                        "Keep mine"
                    </Button>
                </div>
                <p class="text-caption text-muted">
                    "With “Take theirs”, undo brings your version back. Closing this window changes nothing; the save state above opens it again."
                </p>
            </div>
        </Dialog>
    }
}
