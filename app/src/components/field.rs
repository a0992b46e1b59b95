//! A form field around one control: label above, help and errors below.

use leptos::prelude::*;

use super::MarkedText;

/// Give the control `id`, `aria-describedby={id}-help {id}-error` and, on errors, `aria-invalid`.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    /// Set this only where a help text is useful.
    #[prop(optional, into)]
    help: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let (help_id, error_id) = (help_id(&id), error_id(&id));
    view! {
        <div class="flex min-w-0 flex-col gap-1">
            <label for=id class="text-body font-medium">
                {label}
            </label>
            {children()}
            {help
                .map(|help| {
                    view! {
                        <p id=help_id class="text-caption text-muted">
                            <MarkedText text=help />
                        </p>
                    }
                })}
            // Always in the document, so that screen readers announce an error when it appears.
            <p id=error_id aria-live="polite" class="text-caption text-error empty:hidden">
                {move || error.get().map(|text| view! { <MarkedText text /> })}
            </p>
        </div>
    }
}

pub(super) fn help_id(id: &str) -> String {
    format!("{id}-help")
}

pub(super) fn error_id(id: &str) -> String {
    format!("{id}-error")
}

/// The value of the control's `aria-describedby`.
pub(super) fn described_by(id: &str, has_help: bool) -> String {
    if has_help { format!("{} {}", help_id(id), error_id(id)) } else { error_id(id) }
}
