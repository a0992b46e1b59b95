//! One method of one path: what it takes and what it answers.

use leptos::prelude::*;
use serde_json::Value;

use super::{entries, schema::TypeOf, text_of};
use crate::components::MarkedText;

#[derive(Clone)]
pub struct OperationOf {
    pub id: String,
    pub tag: String,
    pub summary: String,
    method: String,
    path: String,
    content: Value,
}

/// All operations, in the order of the document.
pub fn operations(document: &Value) -> Vec<OperationOf> {
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().into_iter().flatten();
        let made = methods.map(|(method, content)| OperationOf {
            id: text_of(content, "/operationId"),
            tag: text_of(content, "/tags/0"),
            summary: text_of(content, "/summary"),
            method: method.to_uppercase(),
            path: path.clone(),
            content: content.clone(),
        });
        made.collect::<Vec<_>>()
    };
    entries(document, "/paths").flat_map(of_path).collect()
}

#[component]
pub fn Operation(operation: OperationOf) -> impl IntoView {
    let OperationOf { id, summary, method, path, content, .. } = operation;
    let needs_nothing = content["security"]
        .as_array()
        .is_some_and(|all| all.len() == 1 && all[0].as_object().is_some_and(serde_json::Map::is_empty));
    let description = content["description"].as_str().map(str::to_owned);
    let parameters = content["parameters"].as_array().cloned().unwrap_or_default();
    let body = bodies(&content["requestBody"]);
    let responses: Vec<_> = entries(&content, "/responses")
        .map(|(status, response)| {
            let (name, text, bodies) = (status.clone(), text_of(response, "/description"), bodies(response));
            view! { <Part name><MarkedText text /> {bodies}</Part> }
        })
        .collect();
    view! {
        <details class="rounded-panel bg-panel hairline">
            <summary class="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2.5">
                <span class="w-14 shrink-0 font-mono text-caption font-semibold text-busy">{method}</span>
                <h3 class="min-w-0 font-mono wrap-anywhere">{path}</h3>
                <span class="text-muted">
                    <MarkedText text=summary />
                </span>
            </summary>
            // The browser opens the details when a link leads to something inside.
            <div id=id class="flex flex-col gap-4 border-t border-line px-4 py-3">
                {description.map(|text| view! { <p><MarkedText text /></p> })}
                {needs_nothing.then(|| view! { <p>"Needs no credentials."</p> })}
                {(!parameters.is_empty())
                    .then(|| {
                        view! {
                            <div>
                                <h4 class="font-medium">"Parameters"</h4>
                                <ul class="flex flex-col">
                                    {parameters.into_iter().map(|parameter| view! { <Parameter parameter /> }).collect_view()}
                                </ul>
                            </div>
                        }
                    })}
                {(!body.is_empty())
                    .then(|| {
                        view! {
                            <div>
                                <h4 class="font-medium">"Body"</h4>
                                {body}
                            </div>
                        }
                    })}
                <div>
                    <h4 class="font-medium">"Responses"</h4>
                    <ul class="flex flex-col">{responses}</ul>
                </div>
            </div>
        </details>
    }
    .into_any()
}

/// A line with a name in front.
#[component]
fn Part(name: String, children: Children) -> impl IntoView {
    view! {
        <li class="flex gap-3 border-b border-line py-1.5 last:border-b-0">
            <span class="w-28 shrink-0 font-mono wrap-anywhere">{name}</span>
            <div class="min-w-0 flex-1 wrap-anywhere">{children()}</div>
        </li>
    }
}

#[component]
fn Parameter(parameter: Value) -> impl IntoView {
    let must = if parameter["required"] == true { ", required" } else { "" };
    view! {
        <Part name=text_of(&parameter, "/name")>
            <span class="text-muted">
                {text_of(&parameter, "/in")} {must} ", " <TypeOf schema=parameter["schema"].clone() />
            </span>
            {parameter["description"]
                .as_str()
                .map(|text| view! { <p><MarkedText text=text.to_owned() /></p> })}
            {parameter.get("example").map(|example| view! { <p>"For example " <code>{plain(example)}</code></p> })}
        </Part>
    }
    .into_any()
}

/// The media types and their schemas, of a request or a response.
fn bodies(of: &Value) -> Vec<AnyView> {
    entries(of, "/content")
        .map(|(media_type, content)| {
            view! {
                <p class="text-muted">
                    {media_type.clone()} ": " <TypeOf schema=content["schema"].clone() />
                </p>
            }
            .into_any()
        })
        .collect()
}

/// A JSON value as a person writes it.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
