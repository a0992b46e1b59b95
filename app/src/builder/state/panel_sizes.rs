//! The sizes of inspector and drawer, which this browser remembers.
//!
//! They are in a cookie, so that the server renders the panels in their size and nothing moves when the code has loaded.

use leptos::prelude::*;

use crate::cookie;

const COOKIE: &str = "stacker-panels";

/// Lengths in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sizes {
    inspector: f64,
    drawer: f64,
    drawer_open: bool,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { inspector: 368.0, drawer: 280.0, drawer_open: true }
    }
}

/// Smallest and largest width of the inspector.
pub const INSPECTOR: (f64, f64) = (280.0, 800.0);
/// Smallest and largest height of the drawer. The style sheet leaves room for the canvas above it.
pub const DRAWER: (f64, f64) = (120.0, 1200.0);
/// Height of the drawer's tabs.
const CLOSED_DRAWER: f64 = 34.0;

impl Sizes {
    /// `368-280-open`. Anything else is ignored.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut length = |(smallest, largest): (f64, f64)| {
            Some(f64::from(parts.next()?.parse::<u16>().ok()?).clamp(smallest, largest))
        };
        let (inspector, drawer) = (length(INSPECTOR)?, length(DRAWER)?);
        Some(Self { inspector, drawer, drawer_open: parts.next()? == "open" })
    }

    fn write(self) -> String {
        let state = if self.drawer_open { "open" } else { "closed" };
        format!("{:.0}-{:.0}-{state}", self.inspector, self.drawer)
    }
}

#[derive(Clone, Copy)]
pub struct PanelSizes {
    pub inspector: RwSignal<f64>,
    pub drawer: RwSignal<f64>,
    pub drawer_open: RwSignal<bool>,
}

impl PanelSizes {
    /// The sizes as CSS variables of what is around the panels. The room of the drawer is known before the drawer itself is
    /// there: browsers draw a long page while they are still reading it.
    pub fn as_style(&self) -> String {
        let drawer = if self.drawer_open.get() {
            format!("min({:.0}px, max(120px, 100% - 200px))", self.drawer.get())
        } else {
            format!("minmax({CLOSED_DRAWER:.0}px, auto)")
        };
        format!(
            "--inspector: {:.0}px; --drawer-row: {drawer}; --drawer: {:.0}px",
            self.inspector.get(),
            self.drawer.get()
        )
    }

    pub fn remembered() -> Self {
        let first = cookie::find(&cookie::all(), COOKIE).and_then(Sizes::read).unwrap_or_default();
        let sizes = Self {
            inspector: RwSignal::new(first.inspector),
            drawer: RwSignal::new(first.drawer),
            drawer_open: RwSignal::new(first.drawer_open),
        };
        Effect::new(move |before: Option<Sizes>| {
            let now = Sizes {
                inspector: sizes.inspector.get(),
                drawer: sizes.drawer.get(),
                drawer_open: sizes.drawer_open.get(),
            };
            if before.is_some_and(|before| before != now) {
                cookie::remember(COOKIE, &now.write());
            }
            now
        });
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::Sizes;

    #[test]
    fn what_was_remembered_is_read_again() {
        let sizes = Sizes { inspector: 420.0, drawer: 200.0, drawer_open: false };
        assert_eq!(Sizes::read(&sizes.write()), Some(sizes));
    }

    #[test]
    fn nonsense_is_ignored_and_extremes_are_limited() {
        assert_eq!(Sizes::read("wide"), None);
        assert_eq!(Sizes::read("-5-100-open"), None);
        let extreme = Sizes::read("9999-1-open").unwrap();
        assert_eq!((extreme.inspector, extreme.drawer), (super::INSPECTOR.1, super::DRAWER.0));
    }
}
