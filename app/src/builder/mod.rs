//! The Stack Builder.

use domain::api::ProjectDraft;
use leptos::prelude::*;

#[component]
pub fn StackBuilder(draft: ProjectDraft) -> impl IntoView {
    view! { <h1>{draft.name}</h1> }
}
