//! Cookies that only the server reads: scripts cannot reach them, and other sites' requests do not carry them.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::TimeDelta;

use crate::{auth::cookie_of, http::Origin};

/// One of our cookies. `SameSite=Lax`, because a browser that returns from a sign-in provider comes from another site.
#[derive(Clone, Copy, Debug)]
pub struct PrivateCookie {
    /// With `__Host-`, a browser accepts it only with `Secure` and `Path=/`, and never from another host of the domain.
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

    /// A cookie that makes the browser delete this one.
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
