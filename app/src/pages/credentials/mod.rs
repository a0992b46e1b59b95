//! `/access`: the user's access tokens, API clients and signed-in browsers.
//!
//! A new secret is shown once, by the page's code: a plain form would have to put it into a URL.

mod new_credential;
mod row;
mod sessions;
mod state;

use domain::api::BrowserSession;
use leptos::prelude::*;
use leptos_meta::Title;

use self::{
    new_credential::{CredentialKind, NewCredential},
    row::{ClientRow, TokenRow},
    sessions::Sessions,
    state::CredentialsState,
};
use crate::{
    components::{Button, EmptyState, Icon, Look, Sign},
    layout::{Failure, Loading},
    notice::NoticeLine,
    rpc::{
        RpcError,
        credentials::{Credentials, list_credentials},
        session::list_sessions,
    },
};

#[component]
pub fn CredentialsPage() -> impl IntoView {
    let lists = Resource::new_blocking(
        || (),
        |()| async { Ok::<_, RpcError>((list_credentials().await?, list_sessions().await?)) },
    );
    view! {
        <Title text="Access" />
        <Suspense fallback=|| view! { <Loading text="Loading…" /> }>
            {move || Suspend::new(async move {
                match lists.await {
                    Ok((credentials, sessions)) => view! { <Lists credentials sessions /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Lists(credentials: Credentials, sessions: Vec<BrowserSession>) -> impl IntoView {
    let state = CredentialsState::new(credentials);
    let creating = RwSignal::new(None::<CredentialKind>);
    let tokens = Memo::new(move |_| state.credentials.with(|all| all.tokens.clone()));
    let clients = Memo::new(move |_| state.credentials.with(|all| all.clients.clone()));
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-6 px-4 py-6">
            <div class="flex flex-wrap items-center gap-3">
                <h1 class="flex-1 text-title font-semibold">"Access"</h1>
                <a class=Look::Quiet.class() href="/audit">
                    <Icon sign=Sign::List />
                    "Audit log"
                </a>
            </div>
            <NoticeLine />
            <Section
                title="Tokens"
                text="Bearer tokens for scripts and terminals. Send them as “Authorization: Bearer stk_…”."
                add="New token"
                on_add=Callback::new(move |()| creating.set(Some(CredentialKind::Token)))
            >
                {move || {
                    tokens
                        .with(Vec::is_empty)
                        .then(|| {
                            view! {
                                <EmptyState
                                    sign=Sign::Key
                                    title="No token yet"
                                    text="Give each program its own token, with the smallest scope it needs and an expiry date. You can revoke each one separately."
                                />
                            }
                        })
                }}
                <ul data-testid="tokens">
                    <For each=move || tokens.get() key=|token| token.clone() let:token>
                        <TokenRow token state />
                    </For>
                </ul>
            </Section>
            <Section
                title="API clients"
                text="API clients sign each request with a secret that is never sent. They use the headers stacker-id and stacker-hash."
                add="New client"
                on_add=Callback::new(move |()| creating.set(Some(CredentialKind::Client)))
            >
                {move || {
                    clients
                        .with(Vec::is_empty)
                        .then(|| {
                            view! {
                                <EmptyState
                                    sign=Sign::Lock
                                    title="No API client yet"
                                    text="For services that call this server regularly and should not store a bearer token."
                                />
                            }
                        })
                }}
                <ul data-testid="clients">
                    <For each=move || clients.get() key=|client| client.clone() let:client>
                        <ClientRow client state />
                    </For>
                </ul>
            </Section>
            <Sessions sessions />
            <NewCredential creating state />
        </main>
    }
}

#[component]
fn Section(
    title: &'static str,
    text: &'static str,
    add: &'static str,
    on_add: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="flex flex-col gap-3" aria-label=title>
            <div class="flex flex-wrap items-end gap-3">
                <div class="min-w-0 flex-1">
                    <h2 class="text-lead font-semibold">{title}</h2>
                    <p class="text-muted wrap-anywhere">{text}</p>
                </div>
                <Button on:click=move |_| on_add.run(())>
                    <Icon sign=Sign::Plus />
                    {add}
                </Button>
            </div>
            <div class="rounded-panel bg-panel hairline">{children()}</div>
        </section>
    }
}
