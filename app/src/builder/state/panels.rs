//! What the panels around the canvas show: tabs, the place to scroll to, sizes, and which dialog is open.

use domain::compose::Place;
use leptos::prelude::*;

use super::panel_sizes::PanelSizes;

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
    /// Whether the dialog is open that turns `docker run` commands into services, and the text in it.
    pub running: RwSignal<bool>,
    pub run_text: RwSignal<String>,
    /// Whether the dialog for a custom image is open.
    pub adding_image: RwSignal<bool>,
    /// Whether the dialog is open that asks which text to download.
    pub downloading: RwSignal<bool>,
    /// Whether the command palette or the help on shortcuts is open.
    pub commanding: RwSignal<bool>,
    pub helping: RwSignal<bool>,
    pub sizes: PanelSizes,
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
            running: RwSignal::new(false),
            run_text: RwSignal::new(String::new()),
            adding_image: RwSignal::new(false),
            downloading: RwSignal::new(false),
            commanding: RwSignal::new(false),
            helping: RwSignal::new(false),
            sizes: PanelSizes::remembered(),
        }
    }

    /// Opens the dialog that turns `docker run` commands into services.
    pub fn read_run(&self, text: &str) {
        self.run_text.set(text.to_owned());
        self.running.set(true);
    }

    /// Opens the compose file with the cursor at this place.
    pub fn edit_text_at(&self, place: Place) {
        self.drawer_tab.set("compose");
        self.reveal.set(Some(Reveal { place, take_focus: true }));
    }
}
