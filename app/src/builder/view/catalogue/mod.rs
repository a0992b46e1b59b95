//! The catalogue, left of the canvas: apps and images to add.
//!
//! Dragging uses pointer events, so that it works with mouse, pen and finger. Enter, a click or a tap also adds an app.

mod drag;

mod custom_image;
mod import;
mod item;
mod run_command;

use domain::{
    catalog::{self, categories},
    docker_run,
};
use leptos::{
    ev::{ClipboardEvent, KeyboardEvent},
    prelude::*,
};

pub use self::import::take_file;

use self::{
    custom_image::CustomImage, drag::CarriedApp, import::ImportDialog, item::CatalogueItem,
    run_command::RunCommandDialog,
};
use super::notices::RefusalAt;
use crate::{
    browser,
    builder::state::{actions, notices::Spot, session::use_session},
    components::{CONTROL, Icon, Look, Sign},
};

#[component]
pub fn Catalogue() -> impl IntoView {
    let session = use_session();
    let query = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        catalog::search(&query.get()).iter().map(|app| app.code.as_str()).collect::<Vec<_>>()
    });
    let is_run = Memo::new(move |_| query.with(|query| docker_run::looks_like(query)));
    let read_run = move |text: &str| {
        query.set(String::new());
        session.panels.read_run(text);
    };
    let key = move |event: KeyboardEvent| {
        if event.key() != "Enter" || query.with_untracked(|query| query.trim().is_empty()) {
            return;
        }
        event.prevent_default();
        if is_run.get_untracked() {
            read_run(&query.get_untracked());
        } else if let Some(app) = found.with_untracked(|found| found.first().copied().and_then(catalog::app))
            && actions::add_app(session, app, None)
        {
            query.set(String::new());
        }
    };
    // A field of one line would swallow the line ends of a command.
    let paste = move |event: ClipboardEvent| {
        if let Some(text) = browser::pasted_text(&event).filter(|text| docker_run::looks_like(text)) {
            event.prevent_default();
            read_run(&text);
        }
    };
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
                        placeholder="Search apps (/)"
                        autocomplete="off"
                        class=format!("{CONTROL} pl-8")
                        disabled=move || !session.ready.get()
                        prop:value=move || query.get()
                        on:input=move |event| query.set(event_target_value(&event))
                        on:keydown=key
                        on:paste=paste
                    />
                </div>
                <div class="grid grid-cols-2 gap-2">
                    <button
                        type="button"
                        class=Look::Plain.class()
                        data-testid="custom-image"
                        on:click=move |_| session.panels.adding_image.set(true)
                    >
                        <Icon sign=Sign::Plus />
                        "Image"
                    </button>
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
                    if is_run.get() {
                        view! {
                            <button
                                type="button"
                                class="catalogue-item font-medium"
                                data-testid="catalogue-run"
                                on:click=move |_| read_run(&query.get_untracked())
                            >
                                <Icon sign=Sign::Plus />
                                "Turn this command into a service"
                            </button>
                        }
                            .into_any()
                    } else if found.with(Vec::is_empty) {
                        view! {
                            <p class="px-1 text-muted">
                                "The catalogue has no such app. You can add any image with “Image” above, or paste a docker run command here."
                            </p>
                        }
                            .into_any()
                    } else {
                        ().into_any()
                    }
                }}
            </div>
            <CarriedApp />
            <CustomImage />
            <ImportDialog />
            <RunCommandDialog />
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
