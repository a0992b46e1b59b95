//! Calls to browser APIs: storage, files, focus. Use them in handlers and effects only, never while rendering.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, ClipboardEvent, Element, Event, EventTarget, File, HtmlAnchorElement, HtmlElement,
    HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition, Url,
};

/// Scheme, host and port of the address that this page was loaded from; empty where the browser does not tell.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

fn storage() -> Option<web_sys::Storage> {
    // Some private windows have no storage: then nothing is stored, and everything else works as usual.
    window().local_storage().ok().flatten()
}

pub fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Returns false if the value was not stored: the storage may be full or forbidden.
pub fn remember(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        drop(storage.remove_item(key));
    }
}

/// Random bytes from the browser's cryptographic generator; `None` if the browser has none.
pub fn random_bytes(count: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; count];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// Downloads a text as a file of this media type.
pub fn download(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let properties = BlobPropertyBag::new();
    properties.set_type(media_type);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &properties)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // By then, the browser has started to read the file.
    set_timeout(move || drop(Url::revoke_object_url(&address)), std::time::Duration::from_secs(10));
    Ok(())
}

/// The text of a file. The error is a sentence for the user.
pub async fn read_file(file: File) -> Result<String, String> {
    const LARGEST: f64 = 1024.0 * 1024.0;
    if file.size() > LARGEST {
        return Err(format!("`{}` is larger than 1 MiB, the limit of compose files.", file.name()));
    }
    let unreadable = || format!("`{}` could not be read.", file.name());
    // `arrayBuffer`, not `text`: the latter drops a byte order mark and silently replaces what is not UTF-8.
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| unreadable())?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    String::from_utf8(bytes).map_err(|_| format!("`{}` is not UTF-8 text.", file.name()))
}

/// Waits for this time.
pub async fn pause(time: std::time::Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // Fails only if the promise is already resolved.
        set_timeout(move || drop(resolve.call0(&JsValue::NULL)), time);
    });
    drop(JsFuture::from(promise).await);
}

pub fn focus(id: &str) {
    if let Some(element) =
        document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok())
    {
        drop(element.focus());
    }
}

/// Scrolls the element with this id to the middle of what surrounds it.
pub fn bring_to_middle(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// What is in the text field with this id.
pub fn value_of(id: &str) -> String {
    let element = document().get_element_by_id(id);
    element
        .and_then(|element| js_sys::Reflect::get(&element, &"value".into()).ok()?.as_string())
        .unwrap_or_default()
}

pub fn set_value_of(id: &str, value: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        drop(js_sys::Reflect::set(&element, &"value".into(), &value.into()));
    }
}

/// The start and end of the selection in the text area with this id, if it has the focus.
pub fn selection_in(id: &str) -> Option<(u32, u32)> {
    let focused = document().active_element().filter(|element| element.id() == id)?;
    let area = focused.dyn_into::<HtmlTextAreaElement>().ok()?;
    Some((area.selection_start().ok()??, area.selection_end().ok()??))
}

/// Selects this part of the text area with this id.
pub fn select_in(id: &str, start: u32, end: u32) {
    let area = document().get_element_by_id(id).and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
    if let Some(area) = area {
        drop(area.set_selection_range(start, end));
    }
}

/// Whether the event comes from a text field or from an open dialog.
pub fn is_typing(event: &Event) -> bool {
    event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
        element.closest("input, textarea, select, [contenteditable], dialog").ok().flatten().is_some()
    })
}

/// Whether the event comes from inside a dialog.
pub fn is_in_dialog(event: &Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| element.closest("dialog").ok().flatten().is_some())
}

pub fn pasted_text(event: &ClipboardEvent) -> Option<String> {
    event.clipboard_data()?.get_data("text/plain").ok()
}

/// The nearest element at or around the event's target that has this attribute, and the value of the attribute.
pub fn attribute_around(target: Option<EventTarget>, name: &str) -> Option<String> {
    let element = target?.dyn_into::<Element>().ok()?;
    element.closest(&format!("[{name}]")).ok().flatten()?.get_attribute(name)
}
