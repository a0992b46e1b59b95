//! Cookies that only the server reads: out of reach of scripts, not sent along with requests that other sites make.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::TimeDelta;

use crate::{auth::cookie_of, http::Origin};

/// One of ours. It is lax, because a browser that comes back from a sign-in provider comes from another site.
#[derive(Clone, Copy, Debug)]
pub struct PrivateCookie {
    /// `__Host-`: a browser takes it only with `Secure` and `Path=/`, and never from another host of the domain.
    pub over_https: &'static str,
    pub over_http: &'static str,
    pub lifetime: TimeDelta,
}

impl PrivateCookie {
    pub fn of(self, origin: &Origin, value: String) -> Cookie<'static> {
        let mut cookie = Cookie::build((self.name(origin), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(origin.is_https())
            .build();
        cookie.set_max_age(self.lifetime.to_std().unwrap_or_default().try_into().ok());
        cookie
    }

    /// Tells the browser to forget it.
    pub fn removal(self, origin: &Origin) -> Cookie<'static> {
        let mut cookie = self.of(origin, String::new());
        cookie.make_removal();
        cookie
    }

    pub fn value(self, origin: &Origin, headers: &HeaderMap) -> Option<String> {
        cookie_of(headers, self.name(origin)).map(str::to_owned)
    }

    fn name(self, origin: &Origin) -> &'static str {
        if origin.is_https() { self.over_https } else { self.over_http }
    }
}
