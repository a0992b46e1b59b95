//! The choice of a tag: a search, and the tags of the image with age, size and platforms. Nothing is asked before it is opened.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{
    api::{ImageTag, ImageTags},
    compose::ImageReference,
    stack::Edit,
};
use leptos::{ev::KeyboardEvent, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use crate::{
    browser,
    builder::{
        model::images,
        state::{notices::Spot, session::use_session},
    },
    components::{Age, Button, CONTROL, Callout, Tone},
    rpc::{RpcError, images::search_image_tags},
};

/// Time between the last letter and the question.
const PAUSE: Duration = Duration::from_millis(300);

#[component]
pub fn TagPicker(service: String, image: ImageReference, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let answer = RwSignal::new(None::<Result<ImageTags, RpcError>>);
    // Only the answer to the last question counts.
    let number = StoredValue::new(0_u32);
    let name = image.with_tag("").text;
    let asked = name.clone();
    let ask = Callback::new(move |()| {
        let this = number.try_update_value(|number| {
            *number += 1;
            *number
        });
        let Some(search) = query.try_get_untracked() else { return };
        let name = asked.clone();
        spawn_local(async move {
            let found = search_image_tags(name, search).await;
            if number.try_get_value() == this {
                chosen.try_set(0);
                answer.try_set(Some(found));
            }
        });
    });
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        query.track();
        let Some(waiting) = waiting else {
            ask.run(());
            return None;
        };
        if let Some(waiting) = waiting {
            waiting.clear();
        }
        let late = move || {
            ask.try_run(());
        };
        set_timeout_with_handle(late, PAUSE).ok()
    });
    // What is shown fits what is typed at every moment, even before the answer to it.
    let tags = Memo::new(move |_| {
        let typed = query.with(|query| query.trim().to_lowercase());
        answer.with(|answer| match answer {
            Some(Ok(found)) => {
                let fits = |tag: &&ImageTag| tag.name.to_lowercase().contains(&typed);
                found.tags.iter().filter(fits).cloned().collect()
            }
            _ => Vec::new(),
        })
    });
    let current = image.tag.clone();
    let take = move |place: usize| {
        let Some(tag) = tags.with_untracked(|tags| tags.get(place).map(|tag| tag.name.clone())) else {
            return;
        };
        let image = image.with_tag(&tag).text;
        session.edit(Spot::Inspector, &[Edit::SetImage { service: service.clone(), image }]);
        open.set(false);
    };
    let take = StoredValue::new(take);
    let move_to = move |place: usize| {
        chosen.set(place);
        request_animation_frame(move || browser::bring_to_middle(&option_id(place)));
    };
    let key = move |event: KeyboardEvent| {
        let (count, at) = (tags.with_untracked(Vec::len).max(1), chosen.get_untracked());
        match event.key().as_str() {
            "ArrowDown" => move_to((at + 1) % count),
            "ArrowUp" => move_to((at + count - 1) % count),
            "Enter" => take.with_value(|take| take(at)),
            _ => return,
        }
        event.prevent_default();
    };
    let summary = move || {
        let shown = tags.with(Vec::len);
        answer.with(|answer| match answer {
            None => "Asking the registry…".to_owned(),
            Some(Err(_)) => String::new(),
            Some(Ok(_)) if shown == 0 => "No tag contains this.".to_owned(),
            Some(Ok(found)) if found.found > shown || !found.is_complete => {
                format!("The first {shown} tags. Type to find others.")
            }
            Some(Ok(_)) => format!("{shown} in all."),
        })
    };
    let option = move |(place, tag): (usize, ImageTag)| {
        let is_chosen = move || chosen.get() == place;
        let in_use = (current.as_ref() == Some(&tag.name))
            .then(|| view! { <span class="text-caption text-muted">" in use"</span> });
        view! {
            <li
                id=option_id(place)
                role="option"
                class="command tag-option"
                aria-selected=move || if is_chosen() { "true" } else { "false" }
                on:click=move |_| take.with_value(|take| take(place))
            >
                <span class="wrap-anywhere">
                    <span class="font-mono">{tag.name}</span>
                    {in_use}
                </span>
                <span class="text-caption text-muted">
                    <Facts size_bytes=tag.size_bytes changed=tag.changed platforms=tag.platforms />
                </span>
            </li>
        }
    };
    view! {
        <div class="flex flex-col gap-2">
            <p class="font-mono text-caption wrap-anywhere text-muted">{name}</p>
            <input
                type="text"
                class=CONTROL
                data-testid="tag-search"
                role="combobox"
                aria-label="Find a tag"
                aria-expanded="true"
                aria-controls="tag-list"
                aria-activedescendant=move || {
                    if tags.with(Vec::is_empty) { String::new() } else { option_id(chosen.get()) }
                }
                placeholder="Find a tag, such as 1.27 or alpine"
                autocomplete="off"
                spellcheck="false"
                maxlength="128"
                on:input=move |event| {
                    chosen.set(0);
                    query.set(event_target_value(&event));
                }
                on:keydown=key
            />
            <ul id="tag-list" role="listbox" aria-label="Tags" class="flex max-h-[50dvh] flex-col overflow-y-auto empty:hidden">
                {move || tags.get().into_iter().enumerate().map(option.clone()).collect_view()}
            </ul>
            <p role="status" class="text-caption text-muted empty:hidden" data-testid="tag-summary">
                {summary}
            </p>
            {move || {
                let error = answer.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().map(ToString::to_string)));
                error
                    .map(|title| {
                        view! {
                            <Callout tone=Tone::Warn title>
                                "Nothing was changed. You can type a tag into its field, or try again."
                            </Callout>
                            <div class="flex justify-end">
                                <Button on:click=move |_| {
                                    answer.set(None);
                                    ask.run(());
                                }>"Try again"</Button>
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

fn option_id(place: usize) -> String {
    format!("tag-{place}")
}

/// "57 MB · 3 months ago · amd64, arm64", as far as it is known.
#[component]
pub fn Facts(
    size_bytes: Option<u64>,
    changed: Option<DateTime<Utc>>,
    platforms: Vec<String>,
) -> impl IntoView {
    let parts = [
        size_bytes.map(|bytes| view! { <span class="tabular">{images::size(bytes)}</span> }.into_any()),
        changed.map(|at| view! { <Age at /> }.into_any()),
        (!platforms.is_empty()).then(|| view! { <span>{images::platforms(&platforms)}</span> }.into_any()),
    ];
    let known = parts.into_iter().flatten().enumerate();
    known
        .map(|(number, part)| {
            let dot = (number > 0).then_some(" · ");
            view! { <span>{dot}{part}</span> }
        })
        .collect_view()
}
