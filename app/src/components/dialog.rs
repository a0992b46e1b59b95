//! Modal dialogs, built on the browser's `<dialog>`: it keeps the focus inside, closes on Escape and restores the focus.
//!
//! `command`/`commandfor` open and close it without scripts. For browsers that do not support these attributes, the buttons
//! also call the dialog's methods once the page is hydrated.

use leptos::prelude::*;

use super::{Icon, Look, Sign};

/// `open`, if given, opens and closes the dialog from code; it changes when the user opens or closes the dialog.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(optional)] open: Option<RwSignal<bool>>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Dialog>::new();
    let title_id = format!("{id}-title");
    let (dialog, described) = (id.clone(), title_id.clone());
    if let Some(open) = open {
        Effect::new(move || {
            let wanted = open.get();
            follow(node, wanted);
        });
    }
    let closed = move |_| {
        if let Some(open) = open {
            open.set(false);
        }
    };
    view! {
        <dialog
            id=id
            node_ref=node
            aria-labelledby=described
            closedby="any"
            on:close=closed
            class="max-h-[calc(100dvh-2rem)] w-[min(32rem,calc(100vw-2rem))] rounded-panel bg-panel p-0 text-body text-ink floating"
        >
            <div class="flex items-center gap-2 border-b border-line py-2 pr-2 pl-4">
                <h2 id=title_id class="min-w-0 flex-1 truncate text-lead font-semibold">
                    {title}
                </h2>
                <DialogClose dialog look=Look::Icon label="Close">
                    <Icon sign=Sign::Close />
                </DialogClose>
            </div>
            <div class="p-4">{children()}</div>
        </dialog>
    }
}

/// A button that opens the dialog with this id.
#[component]
pub fn DialogOpener(
    #[prop(into)] dialog: String,
    #[prop(optional)] look: Look,
    /// Replaces the look's classes, for example by [`super::MENU_ITEM`].
    #[prop(optional)]
    class: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let target = dialog.clone();
    view! {
        <button
            type="button"
            class=class.unwrap_or(look.class())
            commandfor=dialog
            command="show-modal"
            on:click=move |_| by_hand(&target, true)
        >
            {children()}
        </button>
    }
}

/// A button that closes the dialog with this id and changes nothing.
#[component]
pub fn DialogClose(
    #[prop(into)] dialog: String,
    #[prop(optional)] look: Look,
    #[prop(optional)] label: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let target = dialog.clone();
    view! {
        <button
            type="button"
            class=look.class()
            aria-label=label
            commandfor=dialog
            command="close"
            on:click=move |_| by_hand(&target, false)
        >
            {children()}
        </button>
    }
}

/// Does nothing on the server, where effects do not run.
fn follow(node: NodeRef<leptos::html::Dialog>, wanted: bool) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = node.get() {
        set_open(&dialog, wanted);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (node, wanted);
}

fn by_hand(id: &str, wanted: bool) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;

        let known = js_sys::Reflect::get(&js_sys::global(), &"HTMLButtonElement".into())
            .and_then(|class| js_sys::Reflect::get(&class, &"prototype".into()))
            .and_then(|prototype| js_sys::Reflect::has(&prototype, &"commandForElement".into()))
            .unwrap_or(false);
        if known {
            return;
        }
        if let Some(dialog) = document().get_element_by_id(id).and_then(|element| element.dyn_into().ok()) {
            set_open(&dialog, wanted);
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (id, wanted);
}

#[cfg(feature = "hydrate")]
fn set_open(dialog: &web_sys::HtmlDialogElement, wanted: bool) {
    match (wanted, dialog.open()) {
        // Fails only if the dialog is no longer in the document; then there is nothing to show.
        (true, false) => drop(dialog.show_modal()),
        (false, true) => dialog.close(),
        _ => {}
    }
}
