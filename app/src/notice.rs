//! Notices: the result of a plain form, shown on the page that the form leads back to (`/?notice=name-invalid`).
//!
//! Forms post to the server without scripts and get a redirect. The redirect contains a code, never a text; otherwise an
//! attacker could craft a link that shows their own words on our pages. The server builds the address with [`Notice::on`].

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{Callout, Tone};

/// To add a notice, add a variant with its code, title and text, and an entry in [`Notice::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    SignedOut,
    SignedOutEverywhere,
    SignInDenied,
    SignInExpired,
    SignInRefused,
    ProviderUnavailable,
    CodeInvalid,
    NameInvalid,
    Unreadable,
    TooLarge,
    ConfirmMismatch,
    TransferConfirmMismatch,
    HostConfirmMismatch,
    HostNameInvalid,
    NoSuchHost,
    NoSuchClient,
    NoSuchCloud,
    NotFound,
    Forbidden,
    HasDeployments,
    LacksRole,
    InvitationInvalid,
    OwnProject,
    NoSuchMember,
    OnHosts,
    NewOwnerHasNoRoom,
    LimitReached,
    Conflict,
    RatingSaved,
    RatingReported,
    RatingInvalid,
    NoSuchRating,
    AgreementAccepted,
    AgreementChanged,
    NoSuchAgreement,
    TooManyAttempts,
    Failed,
}

impl Notice {
    pub const ALL: [Self; 37] = [
        Self::SignedOut,
        Self::SignedOutEverywhere,
        Self::SignInDenied,
        Self::SignInExpired,
        Self::SignInRefused,
        Self::ProviderUnavailable,
        Self::CodeInvalid,
        Self::NameInvalid,
        Self::Unreadable,
        Self::TooLarge,
        Self::ConfirmMismatch,
        Self::TransferConfirmMismatch,
        Self::HostConfirmMismatch,
        Self::HostNameInvalid,
        Self::NoSuchHost,
        Self::NoSuchClient,
        Self::NoSuchCloud,
        Self::NotFound,
        Self::Forbidden,
        Self::HasDeployments,
        Self::LacksRole,
        Self::InvitationInvalid,
        Self::OwnProject,
        Self::NoSuchMember,
        Self::OnHosts,
        Self::NewOwnerHasNoRoom,
        Self::LimitReached,
        Self::Conflict,
        Self::RatingSaved,
        Self::RatingReported,
        Self::RatingInvalid,
        Self::NoSuchRating,
        Self::AgreementAccepted,
        Self::AgreementChanged,
        Self::NoSuchAgreement,
        Self::TooManyAttempts,
        Self::Failed,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::SignedOutEverywhere => "signed-out-everywhere",
            Self::SignInDenied => "sign-in-denied",
            Self::SignInExpired => "sign-in-expired",
            Self::SignInRefused => "sign-in-refused",
            Self::ProviderUnavailable => "provider-unavailable",
            Self::CodeInvalid => "code-invalid",
            Self::NameInvalid => "name-invalid",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::ConfirmMismatch => "confirm-mismatch",
            Self::TransferConfirmMismatch => "transfer-confirm-mismatch",
            Self::HostConfirmMismatch => "host-confirm-mismatch",
            Self::HostNameInvalid => "host-name-invalid",
            Self::NoSuchHost => "no-such-host",
            Self::NoSuchClient => "no-such-client",
            Self::NoSuchCloud => "no-such-cloud",
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::HasDeployments => "has-deployments",
            Self::LacksRole => "lacks-role",
            Self::InvitationInvalid => "invitation-invalid",
            Self::OwnProject => "own-project",
            Self::NoSuchMember => "no-such-member",
            Self::OnHosts => "on-hosts",
            Self::NewOwnerHasNoRoom => "new-owner-has-no-room",
            Self::LimitReached => "limit-reached",
            Self::Conflict => "conflict",
            Self::RatingSaved => "rating-saved",
            Self::RatingReported => "rating-reported",
            Self::RatingInvalid => "rating-invalid",
            Self::NoSuchRating => "no-such-rating",
            Self::AgreementAccepted => "agreement-accepted",
            Self::AgreementChanged => "agreement-changed",
            Self::NoSuchAgreement => "no-such-agreement",
            Self::TooManyAttempts => "too-many-attempts",
            Self::Failed => "failed",
        }
    }

    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.code() == code)
    }

    /// The URL of a page that shows this notice. `page` is a path of this app without a query.
    pub fn on(self, page: &str) -> String {
        format!("{page}?notice={}", self.code())
    }

    /// Whether the notice reports a success.
    pub fn is_good(self) -> bool {
        matches!(
            self,
            Self::SignedOut
                | Self::SignedOutEverywhere
                | Self::RatingSaved
                | Self::RatingReported
                | Self::AgreementAccepted
        )
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::SignedOut => "You are signed out",
            Self::SignedOutEverywhere => "You are signed out everywhere",
            Self::SignInDenied => "You were not signed in",
            Self::SignInExpired => "This sign-in took too long",
            Self::SignInRefused => "The provider did not confirm who you are",
            Self::ProviderUnavailable => "The sign-in provider does not answer",
            Self::CodeInvalid => "This sign-in link no longer works",
            Self::NameInvalid => "This name cannot be used",
            Self::Unreadable => "The compose file could not be read",
            Self::TooLarge => "The file is too large",
            Self::ConfirmMismatch => "Nothing was deleted",
            Self::TransferConfirmMismatch => "The project was not transferred",
            Self::HostConfirmMismatch => "Nothing was revoked",
            Self::HostNameInvalid => "This name cannot be used",
            Self::NoSuchHost => "Host not found",
            Self::NoSuchClient => "API client not found",
            Self::NoSuchCloud => "Cloud not found",
            Self::NotFound => "Project not found",
            Self::Forbidden => "You are not allowed to do this",
            Self::HasDeployments => "Nothing was deleted",
            Self::LacksRole => "Only the owner may do this",
            Self::InvitationInvalid => "This code does not work",
            Self::OwnProject => "You already own this project",
            Self::NoSuchMember => "This person is no longer a member",
            Self::OnHosts => "The project is deployed on your hosts",
            Self::NewOwnerHasNoRoom => "The new owner has reached a limit",
            Self::LimitReached => "The limit is reached",
            Self::Conflict => "The project was changed elsewhere",
            Self::RatingSaved => "Your rating is saved",
            Self::RatingReported => "The rating is reported",
            Self::RatingInvalid => "The rating was not saved",
            Self::NoSuchRating => "Rating not found",
            Self::AgreementAccepted => "You accepted the text",
            Self::AgreementChanged => "The text was changed in the meantime",
            Self::NoSuchAgreement => "Agreement not found",
            Self::TooManyAttempts => "Too many attempts",
            Self::Failed => "Something failed on the server",
        }
    }

    /// What was preserved, and what to do next.
    pub fn text(self) -> &'static str {
        match self {
            Self::SignedOut => "Everything you saved is still there when you return.",
            Self::SignedOutEverywhere => "All your browser sessions have ended. Access tokens keep working.",
            Self::SignInDenied => {
                "The sign-in was cancelled or refused at the provider. Nothing was changed here."
            }
            Self::SignInExpired => {
                "It was started in another browser, or more than 15 minutes ago. Start again."
            }
            Self::SignInRefused => {
                "The provider rejected its own code, or its answer names no user. If this keeps happening, the operator of this server finds the reason in its log."
            }
            Self::ProviderUnavailable => {
                "Your account and your stacks are not affected. Try again in a moment."
            }
            Self::CodeInvalid => {
                "It was already used, or it is older than 15 minutes. Get a new one as described below."
            }
            Self::NameInvalid => "Nothing was changed. Use 1 to 50 characters on one line, not only spaces.",
            Self::Unreadable => {
                "Invalid YAML: no project was created. Run “stacker check” on the file to find the line, or paste a corrected file."
            }
            Self::TooLarge => "A compose file can have up to 1 MiB. No project was created.",
            Self::ConfirmMismatch | Self::TransferConfirmMismatch | Self::HostConfirmMismatch => {
                "The name you typed does not match. Type it exactly as shown."
            }
            Self::HostNameInvalid => {
                "Nothing was changed. Use 1 to 100 characters on one line, not only spaces."
            }
            Self::NoSuchHost => "It was revoked, or it belongs to someone else.",
            Self::NoSuchClient | Self::NoSuchCloud | Self::NotFound => {
                "It was deleted, or it belongs to someone else."
            }
            Self::Forbidden => "Nothing was changed. Ask the operator of this server.",
            Self::HasDeployments => "The project has deployments. Remove them first.",
            Self::LacksRole => "Your role in this project does not allow this. Nothing was changed.",
            Self::InvitationInvalid => {
                "It was used or withdrawn, or it is older than a week. Ask the sender for a new one."
            }
            Self::NoSuchMember => "The project was not transferred. Invite them again first.",
            Self::OnHosts => {
                "The project was not transferred, because hosts stay with you. Remove those deployments first."
            }
            Self::NewOwnerHasNoRoom => {
                "The project was not transferred. Their account has reached its limit of projects or storage."
            }
            Self::OwnProject => "The invitation is still valid: send its code to the person it is meant for.",
            Self::LimitReached => {
                "Nothing was changed. Delete projects you no longer need, or ask the operator of this server."
            }
            Self::Conflict => "Nothing was overwritten. Look at the current version, then try again.",
            Self::RatingSaved => "It counts at once. You can change it at any time.",
            Self::RatingReported => "An administrator will look at it.",
            Self::RatingInvalid => "Rate from 0 to 10, with a comment of up to 1,000 characters.",
            Self::NoSuchRating => "It was hidden or deleted. Nothing was changed.",
            Self::AgreementAccepted => "The server keeps who accepted which text, and when.",
            Self::AgreementChanged => "Nothing was accepted. Read the new text below.",
            Self::NoSuchAgreement => "Nothing was accepted.",
            Self::TooManyAttempts => "Wait a minute, then try again.",
            Self::Failed => "Nothing was changed. Try again; details are in the server's log.",
        }
    }
}

/// The notice that the page's URL names, if any.
#[component]
pub(crate) fn NoticeLine() -> impl IntoView {
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

#[cfg(test)]
mod tests {
    use super::Notice;

    #[test]
    fn every_code_leads_back_to_its_notice() {
        for notice in Notice::ALL {
            assert_eq!(Notice::of_code(notice.code()), Some(notice));
        }
    }

    #[test]
    fn unknown_text_is_not_shown_as_a_notice() {
        assert_eq!(Notice::of_code("<b>Call this number</b>"), None);
    }
}
