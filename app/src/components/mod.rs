//! The design system: the components from which pages are built. They use tokens only (`style/tailwind.css`), load no data
//! and do not depend on pages.
//!
//! To add a component, add a file named after it and two lines below. Write class names in full: the style sheet contains
//! only the class names that occur in the source.

mod age;
mod badge;
mod button;
mod callout;
mod confirm_by_name;
mod copy_line;
mod dialog;
mod diff_table;
mod empty_state;
mod field;
mod glyph;
mod icon;
mod marked_text;
mod menu;
mod meter;
mod moment;
mod select;
mod shown_once;
mod stars;
mod status;
mod table;
mod tabs;
mod text_area;
mod text_input;
mod theme_switch;
mod toast;
mod usage_meters;

pub use age::{Age, age_of, duration_since, elapsed, provide_now, use_now};
pub use badge::Badge;
pub use button::{Button, Look};
pub use callout::{Callout, Tone};
pub use confirm_by_name::ConfirmByName;
pub use copy_line::CopyLine;
pub use dialog::{Dialog, DialogClose, DialogOpener, focus_once};
pub use diff_table::{DiffRow, DiffTable, diff_rows, difference_after, row_of_line};
pub use empty_state::EmptyState;
pub use field::Field;
pub use glyph::Glyph;
pub use icon::{Icon, Logo, Sign};
pub use marked_text::MarkedText;
pub use menu::{MENU_ITEM, Menu};
pub use meter::Meter;
pub use moment::{Moment, Precision};
pub use select::Select;
pub use shown_once::ShownOnce;
pub use stars::{RateBars, Stars};
pub use status::{State, Status};
pub use table::{Column, Table};
pub use tabs::{Tab, TabPanel, Tabs};
pub use text_area::{CodeArea, LineArea, TextArea};
pub use text_input::{CONTROL, TextInput};
pub use theme_switch::ThemeSwitch;
pub use toast::{ToastRegion, Toasts, provide_toasts, use_toasts};
pub use usage_meters::{Unit, UsageMeters};
