//! The edge of a panel: dragged, or moved by arrow keys, it changes the size of the panel.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// One press of an arrow key, in pixels.
const STEP: f64 = 20.0;

/// Which edge of its panel the grip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Top,
    Left,
}

impl Edge {
    fn place(self, event: &PointerEvent) -> f64 {
        f64::from(match self {
            Self::Top => event.client_y(),
            Self::Left => event.client_x(),
        })
    }

    /// The keys that make the panel larger and smaller.
    fn keys(self) -> [&'static str; 2] {
        match self {
            Self::Top => ["ArrowUp", "ArrowDown"],
            Self::Left => ["ArrowLeft", "ArrowRight"],
        }
    }
}

#[component]
pub fn Grip(
    edge: Edge,
    label: &'static str,
    testid: &'static str,
    size: RwSignal<f64>,
    /// Smallest and largest size.
    limits: (f64, f64),
    /// Called before the size changes.
    #[prop(optional, into)]
    on_resize: Option<Callback<()>>,
) -> impl IntoView {
    // Where the drag began, and the size of the panel at that time.
    let start = StoredValue::new(None::<(f64, f64)>);
    let resize = move |to: f64| {
        if let Some(on_resize) = on_resize {
            on_resize.run(());
        }
        size.set(to.clamp(limits.0, limits.1));
    };
    let down = move |event: PointerEvent| {
        start.set_value(Some((edge.place(&event), size.get_untracked())));
        if let Some(grip) = event.current_target().and_then(|grip| grip.dyn_into::<Element>().ok()) {
            // Fails only if the pointer is no longer down.
            drop(grip.set_pointer_capture(event.pointer_id()));
        }
    };
    let moved = move |event: PointerEvent| {
        if let Some((from, before)) = start.get_value() {
            resize(before + from - edge.place(&event));
        }
    };
    let key = move |event: KeyboardEvent| {
        let [larger, smaller] = edge.keys();
        let key = event.key();
        let now = size.get_untracked();
        let to = match key.as_str() {
            "Home" => limits.0,
            "End" => limits.1,
            key if key == larger => now + STEP,
            key if key == smaller => now - STEP,
            _ => return,
        };
        event.prevent_default();
        resize(to);
    };
    let (class, orientation) = match edge {
        Edge::Top => ("grip grip-top", "horizontal"),
        Edge::Left => ("grip grip-left", "vertical"),
    };
    view! {
        <div
            class=class
            role="separator"
            aria-orientation=orientation
            aria-label=label
            aria-valuenow=move || format!("{:.0}", size.get())
            aria-valuemin=limits.0
            aria-valuemax=limits.1
            tabindex="0"
            data-testid=testid
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=move |_| start.set_value(None)
            on:pointercancel=move |_| start.set_value(None)
            on:keydown=key
        ></div>
    }
}
