//! The last question before something goes for good: what is lost, and its name typed out. A plain form, so that it needs no
//! script; the use case compares the names.

use leptos::prelude::*;

use crate::components::{Button, Callout, Dialog, DialogClose, Look, TextInput, Tone};

#[component]
pub(super) fn ConfirmByName(
    /// Of the dialog, for the button that opens it.
    #[prop(into)]
    id: String,
    title: &'static str,
    /// Where the form goes.
    #[prop(into)]
    action: String,
    /// What has to be typed.
    #[prop(into)]
    name: String,
    /// In one line.
    #[prop(into)]
    lost: String,
    /// "Delete this project"
    verb: &'static str,
    /// What goes with it, and what stays.
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
