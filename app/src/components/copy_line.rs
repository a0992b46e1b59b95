//! A line of text with a button that copies it, for commands and secrets.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{Icon, Look, Sign};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Copied {
    NotYet,
    Yes,
    /// Browsers allow copying only on secure pages.
    Refused,
}

#[component]
pub fn CopyLine(
    /// The label for screen readers.
    label: &'static str,
    text: String,
) -> impl IntoView {
    let copied = RwSignal::new(Copied::NotYet);
    let to_copy = text.clone();
    let copy = move |_| {
        let text = to_copy.clone();
        spawn_local(async move {
            let done = write(&text).await.is_ok();
            copied.try_set(if done { Copied::Yes } else { Copied::Refused });
        });
    };
    let words = move || match copied.get() {
        Copied::NotYet => "",
        Copied::Yes => "Copied.",
        Copied::Refused => "The browser blocked copying. Select the line and press Ctrl+C.",
    };
    view! {
        <div class="flex flex-col gap-1">
            <div class="flex items-start gap-1 rounded-control bg-sunken p-1 hairline">
                <code
                    aria-label=label
                    tabindex="0"
                    class="min-w-0 flex-1 self-center px-1.5 py-1 font-mono text-body break-all whitespace-pre-wrap select-all"
                    data-testid="copy-line"
                >
                    {text}
                </code>
                <button type="button" class=Look::Quiet.class() on:click=copy>
                    {move || {
                        let sign = if copied.get() == Copied::Yes { Sign::Check } else { Sign::Copy };
                        view! { <Icon sign /> }
                    }}
                    "Copy"
                </button>
            </div>
            <p role="status" class="text-caption text-muted empty:hidden">
                {words}
            </p>
        </div>
    }
}

/// On pages loaded over plain HTTP from another machine the clipboard is undefined, although its type says otherwise.
async fn write(text: &str) -> Result<(), JsValue> {
    let navigator: JsValue = window().navigator().into();
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into())?;
    if clipboard.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    JsFuture::from(clipboard.unchecked_into::<web_sys::Clipboard>().write_text(text)).await.map(drop)
}
