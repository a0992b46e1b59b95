//! Messages about work that finished elsewhere. The result of an action is shown where the user started the action, not here.

use leptos::prelude::*;

use super::{Icon, Look, MarkedText, Sign, Tone};

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
}

/// A toast stays until the user dismisses it or newer ones displace it, so it need not be read in a hurry.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// How many toasts are shown at once.
const MAX_TOASTS: usize = 3;

impl Toasts {
    pub fn show(&self, tone: Tone, text: impl Into<String>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            list.push(Toast { id, tone, text: text.into() });
            let surplus = list.len().saturating_sub(MAX_TOASTS);
            list.drain(..surplus);
        });
    }

    fn dismiss(&self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Called once, at the top of the app.
pub fn provide_toasts() {
    provide_context(Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(|| Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) })
}

#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div
            role="status"
            aria-live="polite"
            class="pointer-events-none fixed right-4 bottom-4 z-40 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2"
        >
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                <div class="pointer-events-auto flex items-start gap-2 rounded-panel bg-panel p-2 pl-3 floating">
                    <span class=format!("mt-1.5 {}", toast.tone.ink())>
                        <Icon sign=toast.tone.sign() />
                    </span>
                    <p class="min-w-0 flex-1 py-1.5 wrap-anywhere">
                        <MarkedText text=toast.text.clone() />
                    </p>
                    <button type="button" class=Look::Icon.class() aria-label="Dismiss" on:click=move |_| toasts.dismiss(toast.id)>
                        <Icon sign=Sign::Close />
                    </button>
                </div>
            </For>
        </div>
    }
}
