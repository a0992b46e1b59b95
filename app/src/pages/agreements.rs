//! `/agreements`: the texts of this server, and which of them one has accepted. Accepting is a plain form.

use domain::agreement::Agreement;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{Age, Badge, Button, EmptyState, Look, Sign, State, Status, Tone},
    layout::{Failure, Loading},
    notice::NoticeLine,
    rpc::agreements::list_agreements,
};

#[component]
pub fn AgreementsPage() -> impl IntoView {
    let list = Resource::new_blocking(|| (), |()| list_agreements());
    view! {
        <Title text="Agreements" />
        <Suspense fallback=|| view! { <Loading text="Loading the agreements…" width="max-w-3xl" /> }>
            {move || Suspend::new(async move {
                match list.await {
                    Ok(list) => view! { <List list /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn List(list: Vec<Agreement>) -> impl IntoView {
    let none = list.is_empty();
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-4 px-4 py-6">
            <h1 class="text-title font-semibold">"Agreements"</h1>
            <NoticeLine />
            {none
                .then(|| {
                    view! {
                        <div class="rounded-panel bg-panel hairline">
                            <EmptyState
                                sign=Sign::File
                                title="There is nothing to accept"
                                text="The operator of this server has not published an agreement. Texts to accept before a deployment would be listed here."
                            >
                                <a class=Look::Primary.class() href="/">
                                    "Go to the projects"
                                </a>
                            </EmptyState>
                        </div>
                    }
                })}
            {list.into_iter().map(|agreement| view! { <Entry agreement /> }).collect_view()}
        </main>
    }
    .into_any()
}

#[component]
fn Entry(agreement: Agreement) -> impl IntoView {
    let Agreement { id, name, text, version, required, accepted_at, .. } = agreement;
    let answer = match accepted_at {
        Some(at) => view! {
            <p class="flex flex-wrap items-center gap-2">
                <Status state=State::Ok word="accepted".to_owned() />
                <span class="text-muted">
                    <Age at />
                </span>
            </p>
        }
        .into_any(),
        None => view! {
            <form method="post" action=format!("/agreements/{id}/accept") class="flex justify-end">
                <input type="hidden" name="version" value=version.to_string() />
                <Button look=if required { Look::Primary } else { Look::Plain } kind="submit">
                    "Accept"
                </Button>
            </form>
        }
        .into_any(),
    };
    view! {
        <article class="flex flex-col gap-3 rounded-panel bg-panel p-4 hairline" data-testid=format!("agreement-{id}")>
            <div class="flex flex-wrap items-center gap-2">
                <h2 class="min-w-0 text-lead font-semibold wrap-anywhere">{name}</h2>
                <Badge>{format!("version {version}")}</Badge>
                {required.then(|| view! { <Badge tone=Tone::Warn>"required to deploy"</Badge> })}
            </div>
            <p dir="auto" class="whitespace-pre-line wrap-anywhere">
                {text}
            </p>
            {answer}
        </article>
    }
    .into_any()
}
