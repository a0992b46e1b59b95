//! The route table.
//!
//! Every route is rendered in one piece (`SsrMode::Async`): pages are small and readable without scripts, and the status
//! code or the redirect to the sign-in page can still be set once the data is known.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    components::{ToastRegion, provide_now, provide_toasts},
    layout::{SignedIn, StartFailure, page_title},
    pages::{
        AgreementsPage, AuditPage, BuilderPage, CallbacksPage, CloudsPage, CredentialsPage, DeploymentPage,
        DeploymentsPage, HostsPage, NotFoundPage, PeoplePage, ProjectsPage, RatingsPage, RulesPage,
        SignInPage,
    },
};

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_toasts();
    provide_now();
    view! {
        <Title formatter=page_title />
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <StartFailure />
        <Router>
            <Routes fallback=NotFoundPage>
                <ParentRoute path=path!("") view=SignedIn ssr=SsrMode::Async>
                    <Route path=path!("/") view=ProjectsPage ssr=SsrMode::Async />
                    <Route path=path!("/projects/:id") view=BuilderPage ssr=SsrMode::Async />
                    <Route path=path!("/projects/:id/people") view=PeoplePage ssr=SsrMode::Async />
                    <Route path=path!("/deployments") view=DeploymentsPage ssr=SsrMode::Async />
                    <Route path=path!("/deployments/:hash") view=DeploymentPage ssr=SsrMode::Async />
                    <Route path=path!("/hosts") view=HostsPage ssr=SsrMode::Async />
                    <Route path=path!("/clouds") view=CloudsPage ssr=SsrMode::Async />
                    <Route path=path!("/access") view=CredentialsPage ssr=SsrMode::Async />
                    <Route path=path!("/callbacks") view=CallbacksPage ssr=SsrMode::Async />
                    <Route path=path!("/agreements") view=AgreementsPage ssr=SsrMode::Async />
                    <Route path=path!("/ratings/:category/:obj_id") view=RatingsPage ssr=SsrMode::Async />
                    <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/rules") view=RulesPage ssr=SsrMode::Async />
                </ParentRoute>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
            </Routes>
        </Router>
        <ToastRegion />
    }
}
