//! Ratings from 0 to 10 as five stars, and how often each rate was given as bars.

use leptos::prelude::*;

/// Five stars on a grid of 16 px.
fn five_stars() -> String {
    const STAR: &str = "l1.9 4 4.4 .6-3.2 3 .8 4.3-3.9-2.1-3.9 2.1 .8-4.3-3.2-3 4.4-.6z";
    (0..5).map(|star| format!("M{} 1.6{STAR}", 8 + 16 * star)).collect()
}

/// `rate`: 0 to 10, two for each star.
#[component]
pub fn Stars(rate: f64) -> impl IntoView {
    let stars = five_stars();
    // The inner picture cuts its stars off at this width.
    let width = format!("{:.1}", rate.clamp(0.0, 10.0) * 8.0);
    view! {
        <svg role="img" aria-label=format!("{rate} of 10") viewBox="0 0 80 16" width="80" height="16" class="shrink-0 text-warn">
            <path d=stars.clone() fill="none" stroke="currentColor" />
            <svg width=width height="16">
                <path d=stars fill="currentColor" />
            </svg>
        </svg>
    }
    .into_any()
}

/// How often each rate was given, the highest first. `counts` begins with that of 0.
#[component]
pub fn RateBars(counts: Vec<u32>) -> impl IntoView {
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    let row = |(rate, count): (usize, u32)| {
        let width = format!("{:.1}", f64::from(count) / f64::from(most) * 100.0);
        view! {
            <tr>
                <th scope="row" class="pr-2 text-right font-normal text-muted">
                    {rate}
                </th>
                <td class="w-full">
                    <svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true" class="h-2 w-full text-warn">
                        <rect width="100" height="3" class="fill-line" />
                        <rect width=width height="3" fill="currentColor" />
                    </svg>
                </td>
                <td class="pl-2 text-right">{count}</td>
            </tr>
        }
    };
    view! {
        <table class="tabular w-full max-w-md text-caption" data-testid="rate-bars">
            <caption class="sr-only">"How often each rate was given"</caption>
            <tbody>{counts.into_iter().enumerate().rev().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
