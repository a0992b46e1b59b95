//! How much of something is used: a label, a number and a bar.

use leptos::prelude::*;

/// `percent`: 0 to 100.
#[component]
pub fn Meter(
    label: &'static str,
    percent: f64,
    /// "3.1 of 16 GB"
    #[prop(into)]
    words: String,
) -> impl IntoView {
    let percent = percent.clamp(0.0, 100.0);
    let ink = if percent >= 90.0 { "text-warn" } else { "text-edge" };
    view! {
        <div class="flex min-w-0 flex-col gap-1">
            <span class="text-caption text-muted">{label}</span>
            <span class="tabular text-caption wrap-anywhere">{words}</span>
            <svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true" class=format!("mt-auto h-[3px] w-full {ink}")>
                <rect width="100" height="3" rx="1.5" class="fill-line" />
                <rect width=format!("{percent:.0}") height="3" rx="1.5" fill="currentColor" />
            </svg>
        </div>
    }
}
