//! The import of a compose file into this project: the file is pasted, chosen, or dropped on the canvas.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::File;

use domain::stack::Refusal;

use crate::{
    browser,
    builder::{
        state::{
            actions,
            notices::Spot,
            session::{Session, use_session},
        },
        view::notices::RefusalAt,
    },
    components::{Button, CONTROL, Dialog, Look, TextArea},
};

/// Imports a dropped file at once into an empty stack; otherwise opens the dialog, which explains what is replaced.
pub fn take_file(session: Session, file: File) {
    spawn_local(async move {
        match browser::read_file(file).await {
            Ok(text) => {
                let empty = session.document.picture.with_untracked(|picture| picture.nodes.is_empty());
                if !(empty && actions::import(session, &text)) {
                    session.panels.import_text.set(text);
                    session.panels.importing.set(true);
                }
            }
            Err(message) => {
                session.panels.importing.set(true);
                session.refuse(Spot::Import, Refusal::new("file-unreadable", message));
            }
        }
    });
}

#[component]
pub fn ImportDialog() -> impl IntoView {
    let session = use_session();
    let text = session.panels.import_text;
    let empty = Memo::new(move |_| session.document.picture.with(|picture| picture.nodes.is_empty()));
    let import = move |event: SubmitEvent| {
        event.prevent_default();
        if text.with_untracked(|text| !text.trim().is_empty())
            && actions::import(session, &text.get_untracked())
        {
            session.panels.importing.set(false);
        }
    };
    Effect::new(move || {
        if !session.panels.importing.get() {
            text.set(String::new());
        }
    });
    let chosen = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(file) = input.as_ref().and_then(|input| input.files()).and_then(|files| files.get(0)) else {
            return;
        };
        spawn_local(async move {
            match browser::read_file(file).await {
                Ok(read) => text.set(read),
                Err(message) => session.refuse(Spot::Import, Refusal::new("file-unreadable", message)),
            }
        });
        if let Some(input) = input {
            // Allows the user to choose the same file again after changing it.
            input.set_value("");
        }
    };
    view! {
        <Dialog id="import-dialog" title="Import a compose file" open=session.panels.importing>
            <form class="flex flex-col gap-3" on:submit=import>
                <label class="flex flex-col gap-1">
                    <span class="text-body font-medium">"File"</span>
                    <input
                        type="file"
                        accept=".yml,.yaml,.json,text/yaml,application/yaml"
                        class=format!("{CONTROL} py-1")
                        data-testid="import-file"
                        on:change=chosen
                    />
                </label>
                <TextArea
                    id="import-text"
                    label="Or paste it here"
                    placeholder="services:"
                    rows=12
                    mono=true
                    bind=text
                    on_input=move |value| text.set(value)
                />
                <p class="text-caption text-muted">
                    {move || {
                        if empty.get() {
                            "The file stays exactly as it is, with its comments, its order and all its keys."
                        } else {
                            "This replaces the current content of the project. Undo brings it back."
                        }
                    }}
                </p>
                <RefusalAt spot=Spot::Import />
                <div class="flex justify-end">
                    <Button kind="submit" look=Look::Primary attr:data-testid="import-apply">
                        "Import"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}
