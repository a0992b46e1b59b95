//! A point in time. The server does not know the reader's time zone, so it writes UTC; after hydration the browser shows local
//! time, and UTC when the pointer rests on it.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::age::use_hydrated;

/// How much of a point in time is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// "2026-11-30 14:05"
    #[default]
    Minute,
    /// "2026-11-30 14:05:09"
    Second,
    /// "14:05:09", where the day is known
    TimeOfDay,
}

impl Precision {
    fn format(self) -> &'static str {
        match self {
            Self::Minute => "%Y-%m-%d %H:%M",
            Self::Second => "%Y-%m-%d %H:%M:%S",
            Self::TimeOfDay => "%H:%M:%S",
        }
    }

    /// Keeps the place of " UTC", so that nothing moves when it goes.
    fn width(self) -> &'static str {
        match self {
            Self::Minute => "min-w-[20ch]",
            Self::Second => "min-w-[23ch]",
            Self::TimeOfDay => "min-w-[12ch]",
        }
    }
}

#[component]
pub fn Moment(at: DateTime<Utc>, #[prop(optional)] precision: Precision) -> impl IntoView {
    let text = moment(at, precision);
    view! {
        <time datetime=at.to_rfc3339() title=utc(at, Precision::Second) class=format!("tabular inline-block whitespace-nowrap {}", precision.width())>
            {move || text.get()}
        </time>
    }
}

/// The text of a [`Moment`], for attributes.
pub fn moment(at: DateTime<Utc>, precision: Precision) -> Signal<String> {
    let hydrated = use_hydrated();
    Signal::derive(move || if hydrated.get() { local(at, precision) } else { utc(at, precision) })
}

pub(super) fn utc(at: DateTime<Utc>, precision: Precision) -> String {
    format!("{} UTC", at.format(precision.format()))
}

fn local(at: DateTime<Utc>, precision: Precision) -> String {
    (at.naive_utc() - behind_utc(at)).format(precision.format()).to_string()
}

/// How far the reader's clock is behind UTC at that time of the year. Called in the browser only.
fn behind_utc(at: DateTime<Utc>) -> TimeDelta {
    #[expect(clippy::cast_precision_loss, reason = "dates are far below 2^53 ms")]
    let milliseconds = at.timestamp_millis() as f64;
    #[expect(clippy::cast_possible_truncation, reason = "whole minutes of less than a day")]
    let minutes = js_sys::Date::new(&JsValue::from_f64(milliseconds)).get_timezone_offset() as i64;
    TimeDelta::minutes(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_hydration_the_zone_is_named() {
        let at = DateTime::from_timestamp(1_796_000_709, 0).unwrap();
        assert_eq!(utc(at, Precision::Minute), "2026-11-30 01:05 UTC");
        assert_eq!(utc(at, Precision::TimeOfDay), "01:05:09 UTC");
    }
}
