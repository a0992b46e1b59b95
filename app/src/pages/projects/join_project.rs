//! Joining another user's project with an invitation code. A plain form, so it works without scripts.

use leptos::prelude::*;

use crate::components::{Button, Dialog, DialogClose, DialogOpener, Icon, Look, Sign, TextInput};

const DIALOG: &str = "join-project";

#[component]
pub(super) fn JoinProject() -> impl IntoView {
    view! {
        <DialogOpener dialog=DIALOG>
            <Icon sign=Sign::Person />
            "Join a project"
        </DialogOpener>
    }
}

/// Place this dialog on the page once; [`JoinProject`] opens it.
#[component]
pub(super) fn JoinProjectDialog() -> impl IntoView {
    view! {
        <Dialog id=DIALOG title="Join a project">
            <form method="post" action="/projects/join" class="flex flex-col gap-4">
                <TextInput
                    id="join-code"
                    label="Invitation code"
                    name="code"
                    placeholder="stki_…"
                    required=true
                    max_length=100
                />
                <div class="flex flex-wrap justify-end gap-2">
                    <DialogClose dialog=DIALOG>"Cancel"</DialogClose>
                    <Button look=Look::Primary kind="submit">
                        "Join"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}
