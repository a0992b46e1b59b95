//! The notice that a form's answer left in the address.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{Callout, Tone},
    notice::Notice,
};

#[component]
pub(super) fn NoticeLine() -> impl IntoView {
    let query = use_query_map();
    let notice = Memo::new(move |_| query.read().get("notice").and_then(|code| Notice::of_code(&code)));
    move || {
        notice.get().map(|notice| {
            let tone = if notice.is_good() { Tone::Ok } else { Tone::Error };
            view! {
                <Callout tone title=notice.title()>
                    {notice.text()}
                </Callout>
            }
        })
    }
}
