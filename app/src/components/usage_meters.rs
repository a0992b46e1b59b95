//! How much of its limits an account uses. Without limits nothing is shown.

use domain::api::Used;
use leptos::prelude::*;

use super::Meter;

const KIB: f64 = 1024.0;

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Things,
    Bytes,
}

/// Shows one meter for each limit that is set.
#[component]
pub fn UsageMeters(meters: Vec<(&'static str, Unit, Option<Used>)>) -> impl IntoView {
    let meters: Vec<_> =
        meters.into_iter().filter_map(|(label, unit, used)| Some((label, unit, used?))).collect();
    (!meters.is_empty()).then(|| {
        let meter = |(label, unit, used): (&'static str, Unit, Used)| {
            view! {
                <div class="w-40">
                    <Meter label percent=used.percent() words=words(unit, used) />
                </div>
            }
        };
        view! {
            <div class="flex flex-wrap gap-x-6 gap-y-2" data-testid="account-usage">
                {meters.into_iter().map(meter).collect_view()}
            </div>
        }
    })
}

/// "3 of 10", "1.2 of 5 MiB"
fn words(unit: Unit, Used { used, limit }: Used) -> String {
    match unit {
        Unit::Things => format!("{used} of {limit}"),
        Unit::Bytes => {
            let (size, name) = match limit as f64 {
                limit if limit < KIB * KIB => (KIB, "KiB"),
                limit if limit < KIB * KIB * KIB => (KIB * KIB, "MiB"),
                _ => (KIB * KIB * KIB, "GiB"),
            };
            format!("{} of {} {name}", short(used as f64 / size), short(limit as f64 / size))
        }
    }
}

fn short(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_in_the_unit_of_the_limit() {
        let of = |used, limit| words(Unit::Bytes, Used { used, limit });
        assert_eq!(of(1_258_291, 5 * 1024 * 1024), "1.2 of 5 MiB");
        assert_eq!(of(0, 512), "0 of 0.5 KiB");
        assert_eq!(of(1 << 29, 1 << 30), "0.5 of 1 GiB");
        assert_eq!(words(Unit::Things, Used { used: 3, limit: 10 }), "3 of 10");
    }
}
