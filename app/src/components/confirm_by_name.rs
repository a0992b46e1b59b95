//! The confirmation before something is destroyed: it says what is lost and asks for the name to be typed.
//!
//! It is a plain form, so it works without scripts; the use case compares the names.

use leptos::prelude::*;

use super::{Button, Callout, Dialog, DialogClose, Look, TextInput, Tone};

#[component]
pub fn ConfirmByName(
    /// The dialog's id, for the button that opens it.
    #[prop(into)]
    id: String,
    title: &'static str,
    /// The URL that the form posts to.
    #[prop(into)]
    action: String,
    /// The name that must be typed.
    #[prop(into)]
    name: String,
    /// What is lost, in one line.
    #[prop(into)]
    lost: String,
    /// "Delete this project"
    verb: &'static str,
    /// What else is deleted, and what stays.
    children: Children,
) -> impl IntoView {
    view! {
        <Dialog id=id.clone() title>
            <form method="post" action=action class="flex flex-col gap-4">
                <Callout tone=Tone::Warn title=lost>
                    {children()}
                </Callout>
                <TextInput
                    id=format!("{id}-name")
                    label=format!("Type “{name}” to confirm")
                    name="confirm_name"
                    required=true
                />
                <div class="flex flex-wrap justify-end gap-2">
                    <DialogClose dialog=id>"Cancel"</DialogClose>
                    <Button look=Look::Danger kind="submit">
                        {verb}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
