//! Checks that every text colour is readable on every surface in both themes (WCAG 2.2 AA): 4.5:1 for text, 3:1 for the edge
//! of a control.
//!
//! The tests read the tokens from the style sheet: `--color-NAME: light-dark(oklch(…), oklch(…));`.

use std::collections::BTreeMap;

const STYLE_SHEET: &str = include_str!("../../style/tailwind.css");

const SURFACES: [&str; 3] = ["page", "panel", "sunken"];
const INKS: [&str; 8] = ["ink", "muted", "accent", "ok", "busy", "warn", "error", "off"];
/// Pairs of text colour and fill colour of filled controls.
const ON_FILLS: [(&str, &str); 2] = [("on-accent", "accent"), ("on-error", "error")];

const TEXT: f64 = 4.5;
const EDGE: f64 = 3.0;

/// A colour in linear-light sRGB, each channel from 0 to 1, and its opacity.
#[derive(Clone, Copy, Debug)]
struct Colour {
    red: f64,
    green: f64,
    blue: f64,
    opacity: f64,
}

impl Colour {
    /// `oklch(L C H)` or `oklch(L C H / A)`; by Björn Ottosson's definition, <https://bottosson.github.io/posts/oklab/>.
    fn of_oklch(text: &str) -> Option<Self> {
        let inner = text.trim().strip_prefix("oklch(")?.strip_suffix(')')?;
        let (colour, opacity) = inner.split_once('/').unwrap_or((inner, "1"));
        let numbers: Vec<f64> =
            colour.split_whitespace().map(|number| number.parse().ok()).collect::<Option<_>>()?;
        let [lightness, chroma, hue] = numbers.try_into().ok()?;
        let (a, b) = (chroma * f64::cos(f64::to_radians(hue)), chroma * f64::sin(f64::to_radians(hue)));
        let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
        // Colours outside the sRGB gamut are clamped, as screens do.
        let shown = |value: f64| value.clamp(0.0, 1.0);
        Some(Self {
            red: shown(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
            green: shown(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
            blue: shown(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s),
            opacity: opacity.trim().parse().ok()?,
        })
    }

    /// Blends two colours in gamma-encoded sRGB, as browsers do.
    fn over(self, below: Self) -> Self {
        let mix = |above: f64, below: f64| {
            decode(encode(above) * self.opacity + encode(below) * (1.0 - self.opacity))
        };
        Self {
            red: mix(self.red, below.red),
            green: mix(self.green, below.green),
            blue: mix(self.blue, below.blue),
            opacity: 1.0,
        }
    }

    /// The relative luminance as defined by WCAG 2.
    fn luminance(self) -> f64 {
        0.2126 * self.red + 0.7152 * self.green + 0.0722 * self.blue
    }
}

fn encode(linear: f64) -> f64 {
    if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

fn decode(encoded: f64) -> f64 {
    if encoded <= 0.040_45 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (high, low) = (one.luminance().max(other.luminance()), one.luminance().min(other.luminance()));
    (high + 0.05) / (low + 0.05)
}

type Theme = BTreeMap<&'static str, Colour>;

/// The light and the dark colour of each token. A token that cannot be parsed is missing, so tests that use its name fail.
fn themes() -> [(&'static str, Theme); 2] {
    let tokens: Vec<_> = STYLE_SHEET.lines().filter_map(token).collect();
    let light = tokens.iter().map(|(name, light, _)| (*name, *light)).collect();
    let dark = tokens.iter().map(|(name, _, dark)| (*name, *dark)).collect();
    [("light", light), ("dark", dark)]
}

/// Name, light colour, dark colour.
fn token(line: &'static str) -> Option<(&'static str, Colour, Colour)> {
    let (name, pair) =
        line.trim().strip_prefix("--color-")?.strip_suffix(");")?.split_once(": light-dark(")?;
    let (light, dark) = pair.split_once("), ")?;
    Some((name, Colour::of_oklch(&format!("{light})"))?, Colour::of_oklch(dark)?))
}

fn assert_contrast(theme: &str, ink: (&str, Colour), surface: (&str, Colour), least: f64) {
    let found = contrast(ink.1, surface.1);
    assert!(found >= least, "{theme}: {} on {} is {found:.2}:1, needs {least}:1", ink.0, surface.0);
}

#[test]
fn every_ink_is_readable_on_every_surface() {
    for (theme, colours) in themes() {
        for surface in SURFACES {
            for ink in INKS {
                assert_contrast(theme, (ink, colours[ink]), (surface, colours[surface]), TEXT);
            }
        }
    }
}

#[test]
fn ink_and_muted_stay_readable_under_the_pointer() {
    for (theme, colours) in themes() {
        for surface in SURFACES {
            let hovered = colours["hover"].over(colours[surface]);
            for ink in ["ink", "muted"] {
                assert_contrast(theme, (ink, colours[ink]), (surface, hovered), TEXT);
            }
        }
    }
}

#[test]
fn text_on_filled_controls_is_readable() {
    for (theme, colours) in themes() {
        for (ink, fill) in ON_FILLS {
            assert_contrast(theme, (ink, colours[ink]), (fill, colours[fill]), TEXT);
        }
    }
}

#[test]
fn the_edge_of_a_control_and_the_ring_of_a_selection_can_be_seen_on_every_surface() {
    for (theme, colours) in themes() {
        for surface in SURFACES {
            for ring in ["edge", "accent"] {
                assert_contrast(theme, (ring, colours[ring]), (surface, colours[surface]), EDGE);
            }
        }
    }
}

#[test]
fn white_on_black_is_21_to_1() {
    let white = Colour::of_oklch("oklch(1 0 0)").unwrap();
    let black = Colour::of_oklch("oklch(0 0 0)").unwrap();
    assert!((contrast(white, black) - 21.0).abs() < 0.01);
}
