//! The catalogue, left of the canvas: apps and images to add.
//!
//! Dragging uses pointer events, so that it works with mouse, pen and finger. Enter, a click or a tap also adds an app.

mod drag;

mod custom_image;
mod import;
mod item;

use domain::catalog::{self, categories};
use leptos::prelude::*;

pub use self::import::take_file;

use self::{custom_image::CustomImage, drag::CarriedApp, import::ImportDialog, item::CatalogueItem};
use super::notices::RefusalAt;
use crate::{
    builder::state::{notices::Spot, session::use_session},
    components::{CONTROL, DialogOpener, Icon, Look, Sign},
};

#[component]
pub fn Catalogue() -> impl IntoView {
    let session = use_session();
    let query = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        catalog::search(&query.get()).iter().map(|app| app.code.as_str()).collect::<Vec<_>>()
    });
    // Sorted by category while browsing, by relevance while searching.
    let sections = move || {
        let found = found.get();
        let groups: Vec<(&'static str, Vec<&'static str>)> = if query.with(|query| query.trim().is_empty()) {
            categories()
                .iter()
                .map(|category| {
                    let of_category =
                        |code: &&&str| catalog::app(code).is_some_and(|app| app.category == *category);
                    (category.label(), found.iter().filter(of_category).copied().collect::<Vec<_>>())
                })
                .filter(|(_, codes)| !codes.is_empty())
                .collect()
        } else {
            vec![("Found", found)]
        };
        groups.into_iter().map(section).collect_view()
    };
    view! {
        <aside class="catalogue" aria-label="Catalogue">
            <div class="flex flex-col gap-2 p-3 pb-2">
                <div class="relative">
                    <label for="catalogue-search" class="sr-only">
                        "Search the catalogue"
                    </label>
                    <span class="pointer-events-none absolute top-1/2 left-2 -translate-y-1/2 text-muted">
                        <Icon sign=Sign::Search />
                    </span>
                    <input
                        id="catalogue-search"
                        data-testid="catalogue-search"
                        type="search"
                        placeholder="Search apps"
                        autocomplete="off"
                        class=format!("{CONTROL} pl-8")
                        prop:value=move || query.get()
                        on:input=move |event| query.set(event_target_value(&event))
                    />
                </div>
                <div class="grid grid-cols-2 gap-2">
                    <DialogOpener dialog="custom-image" look=Look::Plain attr:data-testid="custom-image">
                        <Icon sign=Sign::Plus />
                        "Image"
                    </DialogOpener>
                    <button
                        type="button"
                        class=Look::Plain.class()
                        data-testid="import-compose"
                        on:click=move |_| session.panels.importing.set(true)
                    >
                        <Icon sign=Sign::File />
                        "Import"
                    </button>
                </div>
                <RefusalAt spot=Spot::Catalogue />
            </div>
            <div class="catalogue-apps" tabindex="-1">
                {sections}
                {move || {
                    found
                        .with(Vec::is_empty)
                        .then(|| {
                            view! {
                                <p class="px-1 text-muted">
                                    "No app of this name here. Any image can be added with “Image” above."
                                </p>
                            }
                        })
                }}
            </div>
            <CarriedApp />
            <CustomImage />
            <ImportDialog />
        </aside>
    }
}

fn section((label, codes): (&'static str, Vec<&'static str>)) -> impl IntoView {
    (!codes.is_empty()).then(|| {
        view! {
            <section>
                <h2 class="px-1 pb-1 text-caption font-medium text-muted">{label}</h2>
                <ul>
                    {codes
                        .into_iter()
                        .filter_map(catalog::app)
                        .map(|app| view! { <CatalogueItem app /> })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}
