//! How old something is, updated in the browser every second without a request.
//!
//! The server does not know when its page will be read, so it writes the point in time. After hydration that becomes
//! "4 s ago".

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;

use super::moment::{Precision, moment, utc};

#[derive(Clone, Copy)]
struct Now {
    /// The current time to the second; `None` until the page is hydrated.
    time: RwSignal<Option<DateTime<Utc>>>,
    /// Does not change every second.
    hydrated: RwSignal<bool>,
}

/// The attribute of `<html>` with the server's time in milliseconds, written by `shell.rs`. It reveals a wrong clock in the
/// browser.
const SERVER_TIME: &str = "data-server-time";

/// Smaller differences between the clocks are ignored: loading the page takes time too.
const TOLERATED: TimeDelta = TimeDelta::seconds(20);

/// Called once, at the top of the app.
pub fn provide_now() {
    let (now, hydrated) = (RwSignal::new(None), RwSignal::new(false));
    provide_context(Now { time: now, hydrated });
    Effect::new(move || {
        let ahead = browser_is_ahead();
        let tick = move || now.set(browser_time().map(|time| time - ahead));
        tick();
        hydrated.set(true);
        // The timer is never cleared, because it runs as long as the page.
        set_interval(tick, Duration::from_secs(1));
    });
}

pub fn use_now() -> Signal<Option<DateTime<Utc>>> {
    use_context::<Now>().map_or_else(|| Signal::stored(None), |now| now.time.into())
}

/// Whether the browser runs this page, so that it may show what only the browser knows.
pub fn use_hydrated() -> Signal<bool> {
    use_context::<Now>().map_or_else(|| Signal::stored(false), |now| now.hydrated.into())
}

fn browser_time() -> Option<DateTime<Utc>> {
    // Milliseconds since 1970 fit into an `i64` for millions of years.
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64)
}

fn browser_is_ahead() -> TimeDelta {
    let of_server = || {
        let written = document().document_element()?.get_attribute(SERVER_TIME)?.parse().ok()?;
        DateTime::<Utc>::from_timestamp_millis(written)
    };
    match (browser_time(), of_server()) {
        (Some(browser), Some(server)) if (browser - server).abs() > TOLERATED => browser - server,
        _ => TimeDelta::zero(),
    }
}

/// "4 s ago"; before hydration the point in time.
pub fn age_of(at: impl Fn() -> Option<DateTime<Utc>> + Send + Sync + 'static) -> Signal<String> {
    let now = use_now();
    Memo::new(move |_| match (at(), now.get()) {
        (Some(at), Some(now)) => ago(now - at),
        (Some(at), None) => utc(at, Precision::Minute),
        (None, _) => "never".to_owned(),
    })
    .into()
}

/// "for 4 s"; before hydration "since" and the point in time.
pub fn duration_since(at: impl Fn() -> Option<DateTime<Utc>> + Send + Sync + 'static) -> Signal<String> {
    let now = use_now();
    Memo::new(move |_| match (at(), now.get()) {
        (Some(at), Some(now)) => format!("for {}", about(now - at)),
        (Some(at), None) => format!("since {}", utc(at, Precision::Minute)),
        (None, _) => String::new(),
    })
    .into()
}

/// A `<time>` element: its attribute holds the point in time, its text the age.
#[component]
pub fn Age(at: DateTime<Utc>) -> impl IntoView {
    let (age, exactly) = (age_of(move || Some(at)), moment(at, Precision::Minute));
    view! {
        <time datetime=at.to_rfc3339() title=move || exactly.get() class="tabular whitespace-nowrap">
            {move || age.get()}
        </time>
    }
}

fn ago(age: TimeDelta) -> String {
    // Negative if the host's clock is slightly ahead of the server's.
    if age.num_seconds() < 1 { "just now".to_owned() } else { format!("{} ago", about(age)) }
}

/// The duration in the largest suitable unit.
fn about(age: TimeDelta) -> String {
    let seconds = age.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        172_800..5_184_000 => format!("{} d", seconds / 86_400),
        // Nobody counts days then. Twelve months of 30.44 days are a year.
        5_184_000..63_113_904 => format!("{} months", seconds / 2_629_746),
        _ => format!("{} years", seconds / 31_556_952),
    }
}

/// The duration to the second, for operations in progress: "1 min 05 s".
pub fn elapsed(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_shown_in_the_largest_suitable_unit() {
        for (seconds, expected) in [
            (-5, "just now"),
            (0, "just now"),
            (4, "4 s ago"),
            (61, "1 min ago"),
            (7_300, "2 h ago"),
            (172_800, "2 d ago"),
            (5_183_999, "59 d ago"),
            (8_000_000, "3 months ago"),
            (63_113_903, "23 months ago"),
            (63_113_904, "2 years ago"),
        ] {
            assert_eq!(ago(TimeDelta::seconds(seconds)), expected);
        }
    }

    #[test]
    fn waits_are_shown_to_the_second() {
        for (seconds, expected) in [(-1, "0 s"), (59, "59 s"), (65, "1 min 05 s"), (3_900, "1 h 05 min")] {
            assert_eq!(elapsed(TimeDelta::seconds(seconds)), expected);
        }
    }
}
