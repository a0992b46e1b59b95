//! What the panels around the canvas show: tabs, the place to scroll to, the import dialog.

use domain::compose::Place;
use leptos::prelude::*;

/// A request to scroll to a place in the compose text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reveal {
    pub place: Place,
    /// Whether the cursor moves to the place too.
    pub take_focus: bool,
}

#[derive(Clone, Copy)]
pub struct Panels {
    /// The tab of the inspector. It stays the same when another service is selected.
    pub tab: RwSignal<&'static str>,
    pub drawer_tab: RwSignal<&'static str>,
    pub reveal: RwSignal<Option<Reveal>>,
    /// Whether the import dialog is open, and the text in it.
    pub importing: RwSignal<bool>,
    pub import_text: RwSignal<String>,
    /// Whether the compose file was downloaded, but not yet the values that it reads.
    pub downloaded: RwSignal<bool>,
}

impl Panels {
    pub fn new() -> Self {
        Self {
            tab: RwSignal::new("general"),
            drawer_tab: RwSignal::new("compose"),
            reveal: RwSignal::new(None),
            importing: RwSignal::new(false),
            import_text: RwSignal::new(String::new()),
            downloaded: RwSignal::new(false),
        }
    }

    /// Opens the compose file with the cursor at this place.
    pub fn edit_text_at(&self, place: Place) {
        self.drawer_tab.set("compose");
        self.reveal.set(Some(Reveal { place, take_focus: true }));
    }
}
