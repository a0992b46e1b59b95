//! Modal dialogs, built on the browser's `<dialog>`: it keeps the focus inside, closes on Escape and restores the focus.
//!
//! `command`/`commandfor` open and close it without scripts. For browsers that do not support these attributes, the buttons
//! also call the dialog's methods once the page is hydrated.
//!
//! Every dialog opens with fresh fields: once it is closed, its plain forms are reset. A dialog whose fields are bound to signals
//! draws them only while it is open, or sets the signals when it closes.
//!
//! Every dialog focuses its first field, or its main action if it has no field. Enter triggers the main action, from a text
//! area with Ctrl. The close button comes last in the document, so that browsers focus the first field without a script too.

use leptos::{ev::KeyboardEvent, prelude::*};

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
    provide_context(Around(node));
    let title_id = format!("{id}-title");
    let (dialog, described) = (id.clone(), title_id.clone());
    if let Some(open) = open {
        Effect::new(move || {
            let wanted = open.get();
            follow(node, wanted);
        });
    }
    let closed = move |_| {
        reset_forms(node);
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
            on:toggle=move |_| focus_first(node)
            on:keydown=move |event| main_action_on_enter(node, &event)
            class="max-h-[calc(100dvh-2rem)] w-[min(32rem,calc(100vw-2rem))] rounded-panel bg-panel p-0 text-body text-ink floating"
        >
            <h2 id=title_id class="border-b border-line py-3 pr-12 pl-4 text-lead font-semibold wrap-anywhere">
                {title}
            </h2>
            <div class="p-4">{children()}</div>
            <div class="absolute top-2 right-2">
                <DialogClose dialog look=Look::Icon label="Close">
                    <Icon sign=Sign::Close />
                </DialogClose>
            </div>
        </dialog>
    }
}

/// The dialog around a component.
#[derive(Clone, Copy)]
struct Around(NodeRef<leptos::html::Dialog>);

/// For content that is drawn after its dialog has opened: once `is_there` is true, focuses the first field or the main action
/// of the dialog around it, unless the user is already in a field.
pub fn focus_once(is_there: impl Fn() -> bool + Send + Sync + 'static) {
    let Some(Around(node)) = use_context() else { return };
    let is_there = Memo::new(move |_| is_there());
    Effect::new(move || {
        if is_there.get() {
            request_animation_frame(move || {
                if !is_in_use(node) {
                    focus_first(node);
                }
            });
        }
    });
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

/// For a dialog in which something else comes first than its first field.
#[cfg(feature = "hydrate")]
const CHOSEN: &str = "[data-first]";
/// What a person fills in.
#[cfg(feature = "hydrate")]
const FIELDS: &str =
    "input:not([type=hidden], [type=radio], :disabled), textarea:not(:disabled), select:not(:disabled)";
/// The main action; there is one per view (see [`Look`]).
#[cfg(feature = "hydrate")]
const MAIN_ACTION: &str = "button.bg-accent:not(:disabled), button[type=submit]:not(:disabled)";

/// Does nothing on the server, where effects do not run.
fn follow(node: NodeRef<leptos::html::Dialog>, wanted: bool) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = node.get() {
        set_open(&dialog, wanted);
        if wanted {
            // What the dialog shows may be drawn only now.
            request_animation_frame(move || focus_first(node));
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (node, wanted);
}

/// What was typed into plain forms is gone. Fields that are bound to a signal have no form that sends itself: a reset would change
/// what they show and not the signal.
fn reset_forms(node: NodeRef<leptos::html::Dialog>) {
    #[cfg(feature = "hydrate")]
    // `try_`: the page may have been left since.
    if let Some(dialog) = node.try_get_untracked().flatten() {
        use wasm_bindgen::JsCast;

        let forms = dialog.get_elements_by_tag_name("form");
        for number in 0..forms.length() {
            let form = forms.item(number).and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
            if let Some(form) = form.filter(|form| form.has_attribute("action")) {
                form.reset();
            }
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = node;
}

/// When the dialog opens: focuses its first field, or its main action.
fn focus_first(node: NodeRef<leptos::html::Dialog>) {
    #[cfg(feature = "hydrate")]
    // `try_`: the page may have been left since.
    if let Some(dialog) = node.try_get_untracked().flatten().filter(|dialog| dialog.open()) {
        let first = [CHOSEN, FIELDS, MAIN_ACTION].into_iter().find_map(|selector| seen(&dialog, selector));
        if let Some(first) = first {
            // Fails only for an element that is no longer in the document.
            drop(first.focus());
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = node;
}

/// Whether the focus is on something that the user fills in or on the main action.
fn is_in_use(node: NodeRef<leptos::html::Dialog>) -> bool {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = node.try_get_untracked().flatten() {
        let focused = document().active_element().filter(|element| dialog.contains(Some(element)));
        return focused.is_some_and(|element| {
            [FIELDS, MAIN_ACTION].iter().any(|selector| element.matches(selector).unwrap_or(false))
        });
    }
    let _ = node;
    false
}

fn main_action_on_enter(node: NodeRef<leptos::html::Dialog>, event: &KeyboardEvent) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;

        if event.key() != "Enter" || event.default_prevented() || event.is_composing() {
            return;
        }
        let Some(dialog) = node.get_untracked() else { return };
        let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is =
            |selector| element.as_ref().is_some_and(|element| element.matches(selector).unwrap_or(false));
        let by_itself = if event.ctrl_key() || event.meta_key() {
            is("button, a")
        } else {
            // Buttons and links act on Enter themselves, and a field submits the form around it.
            is("button, a, summary, textarea, select, form :is(input)")
        };
        if by_itself {
            return;
        }
        if let Some(action) = seen(&dialog, MAIN_ACTION) {
            event.prevent_default();
            action.click();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (node, event);
}

/// The first element of this kind that is on the screen.
#[cfg(feature = "hydrate")]
fn seen(dialog: &web_sys::HtmlDialogElement, selector: &str) -> Option<web_sys::HtmlElement> {
    use wasm_bindgen::JsCast;

    let all = dialog.get_elements_by_tag_name("*");
    (0..all.length())
        .filter_map(|index| all.item(index)?.dyn_into::<web_sys::HtmlElement>().ok())
        .filter(|element| element.matches(selector).unwrap_or(false))
        .find(|element| element.get_bounding_client_rect().height() > 0.0)
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
