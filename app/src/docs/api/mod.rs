//! The page `/docs`: the REST API, written once from its OpenAPI document. It needs no script: parts open as `<details>`.
//!
//! The crate `server` owns the document and the route; this module only draws it.
//!
//! - `operation`: one method of one path
//! - `schema`: types, and the objects that requests and responses consist of

mod operation;
mod schema;

use leptos::prelude::*;
use serde_json::Value;

use super::frame::whole_page;
use crate::{components::MarkedText, theme::Theme};
use operation::{Operation, OperationOf, operations};
use schema::NamedSchema;

/// The document as a whole HTML page in one theme. `address`: where the document itself can be read.
pub fn page(document: &Value, address: &'static str, options: &LeptosOptions, theme: Theme) -> String {
    whole_page("REST API of Stacker", options, theme, || content(document, address).into_any())
}

fn content(document: &Value, address: &'static str) -> impl IntoView {
    let title = format!("{} {}", text_of(document, "/info/title"), text_of(document, "/info/version"));
    let groups = groups(document);
    let contents = groups.iter().map(contents_of).collect_view();
    let sections = groups.into_iter().map(|group| view! { <GroupSection group /> }).collect_view();
    let schemes = entries(document, "/components/securitySchemes").map(|(name, scheme)| {
        view! { <SecurityScheme name=name.clone() scheme=scheme.clone() /> }
    });
    let schemas = entries(document, "/components/schemas")
        .map(|(name, schema)| view! { <NamedSchema name=name.clone() schema=schema.clone() /> });
    view! {
        <div class="mx-auto grid w-full max-w-6xl grid-cols-1 gap-8 px-4 py-6 lg:grid-cols-[16rem_minmax(0,1fr)]">
            <nav aria-label="Operations" class="text-body lg:sticky lg:top-4 lg:max-h-[calc(100dvh-2rem)] lg:overflow-y-auto" tabindex="0">
                {contents}
                <p class="pt-3">
                    <a href="#objects" class="font-medium underline">
                        "Objects"
                    </a>
                </p>
            </nav>
            <main id="main" tabindex="-1" class="flex min-w-0 flex-col gap-10">
                <div class="flex flex-col gap-3">
                    <h1 class="text-title font-semibold">"REST API"</h1>
                    <p class="text-muted">{title}</p>
                    <p>
                        <MarkedText text=text_of(document, "/info/description") />
                    </p>
                    <p>
                        "For programs: "
                        <a href=address class="underline">
                            {address}
                        </a>
                        " is the same as an OpenAPI document."
                    </p>
                    <h2 class="pt-2 text-lead font-semibold">"Credentials"</h2>
                    <p>"A request carries one of these, unless its operation says that it needs none."</p>
                    <ul class="flex flex-col gap-2">{schemes.collect_view()}</ul>
                </div>
                {sections}
                <section aria-labelledby="objects" class="flex flex-col gap-2">
                    <h2 id="objects" class="text-lead font-semibold">
                        "Objects"
                    </h2>
                    {schemas.collect_view()}
                </section>
            </main>
        </div>
    }
}

/// The operations that share a tag.
struct Group {
    name: String,
    description: String,
    operations: Vec<OperationOf>,
}

/// In the order of the document's tags.
fn groups(document: &Value) -> Vec<Group> {
    let all = operations(document);
    let tags = document.pointer("/tags").and_then(Value::as_array).into_iter().flatten();
    tags.map(|tag| {
        let name = text_of(tag, "/name");
        let operations = all.iter().filter(|operation| operation.tag == name).cloned().collect();
        Group { description: text_of(tag, "/description"), operations, name }
    })
    .collect()
}

fn contents_of(group: &Group) -> impl IntoView + use<> {
    let links = group.operations.iter().map(|operation| {
        view! {
            <li>
                <a href=format!("#{}", operation.id) class="block truncate rounded-control py-0.5 text-muted hover:text-ink">
                    <MarkedText text=operation.summary.trim_end_matches('.') />
                </a>
            </li>
        }
    });
    let links = links.collect_view();
    view! {
        <p class="pt-3 font-medium first-letter:uppercase">
            <a href=format!("#tag-{}", group.name)>{group.name.clone()}</a>
        </p>
        <ul>{links}</ul>
    }
}

#[component]
fn GroupSection(group: Group) -> impl IntoView {
    let id = format!("tag-{}", group.name);
    let heading = id.clone();
    let operations = group.operations.into_iter().map(|operation| view! { <Operation operation /> });
    view! {
        <section aria-labelledby=id class="flex flex-col gap-2">
            <h2 id=heading class="text-lead font-semibold first-letter:uppercase">
                {group.name}
            </h2>
            <p class="text-muted">
                <MarkedText text=group.description />
            </p>
            {operations.collect_view()}
        </section>
    }
}

#[component]
fn SecurityScheme(name: String, scheme: Value) -> impl IntoView {
    let place = match scheme["type"].as_str() {
        Some("http") => "header `Authorization: Bearer …`".to_owned(),
        _ => format!("{} `{}`", text_of(&scheme, "/in"), text_of(&scheme, "/name")),
    };
    view! {
        <li>
            <span class="font-medium">{name}</span>
            <span class="text-muted">
                ": "
                <MarkedText text=place />
            </span>
            <p>
                <MarkedText text=text_of(&scheme, "/description") />
            </p>
        </li>
    }
}

/// The text at a JSON pointer; empty if there is none.
fn text_of(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn entries<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}
