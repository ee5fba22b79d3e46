//! Where a request comes from, and whether the browser reached the server over TLS: of the connection
//! itself, or as a proxy in front says that the operator trusts.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::here;

/// A year: how long a browser goes on asking for this host over TLS alone.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Addresses of the network: one, or all that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    start: IpAddr,
    bits: u8,
}

/// Why a text is no network.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is no address like 10.0.0.1 and no network like 10.0.0.0/8")]
pub struct NetworkError(String);

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let wrong = || NetworkError(text.to_owned());
        let (start, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let start: IpAddr = start.parse().map_err(|_| wrong())?;
        let most = if start.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > most { Err(wrong()) } else { Ok(Self { start, bits }) }
    }
}

impl Network {
    fn holds(self, ip: IpAddr) -> bool {
        first_bits(self.start, self.bits) == first_bits(ip, self.bits)
    }
}

/// The address with all but its first bits taken away; of the other kind of address something else.
fn first_bits(ip: IpAddr, bits: u8) -> (bool, u128) {
    let (number, width) = match ip {
        IpAddr::V4(ip) => (u128::from(u32::from(ip)), 32),
        IpAddr::V6(ip) => (u128::from(ip), 128),
    };
    let rest = u32::from(width - bits.min(width));
    (ip.is_ipv4(), number.checked_shr(rest).unwrap_or(0))
}

/// Who asks, as far as the network tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Client {
    ip: Option<IpAddr>,
    /// Whether the browser reached the server over TLS.
    pub(crate) is_tls: bool,
}

impl Client {
    fn of(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[Network]) -> Self {
        let peer = peer.map(|ip| ip.to_canonical());
        let trusted = |ip: IpAddr| proxies.iter().any(|network| network.holds(ip));
        let Some(proxy) = peer.filter(|ip| trusted(*ip)) else {
            return Self { ip: peer, is_tls: false };
        };
        // Each proxy adds at the end whom it was asked by; what stands before a stranger may be
        // made up by that stranger.
        let chain = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let chain: Vec<IpAddr> = chain
            .flat_map(|line| line.split(','))
            .filter_map(|ip| ip.trim().parse::<IpAddr>().ok())
            .map(|ip| ip.to_canonical())
            .collect();
        let ip = chain.into_iter().rev().find(|ip| !trusted(*ip)).unwrap_or(proxy);
        let scheme = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
        Self { ip: Some(ip), is_tls: scheme.is_some_and(|scheme| scheme.trim() == "https") }
    }

    /// The network that it is in, for counting tries: neighbours share an address or can have many.
    pub(crate) fn network(&self) -> String {
        let Some(ip) = self.ip else { return "unknown".to_owned() };
        let (is_v4, number) = first_bits(ip, if ip.is_ipv4() { 24 } else { 56 });
        format!("{}:{number:x}", if is_v4 { "v4" } else { "v6" })
    }
}

/// Notes who asks. Over TLS the browser is told to come so from now on.
pub(crate) async fn find(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let mut client = Client::of(peer, request.headers(), &app.settings.proxies);
    client.is_tls |= app.settings.secure;
    request.extensions_mut().insert(client);
    let headers = request.headers().clone();
    let mut response = here::scope(&headers, next.run(request)).await;
    if client.is_tls {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(peer: &str, forwarded: &'static str, proto: &'static str) -> Client {
        let proxies: Vec<Network> =
            ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(|text| text.parse().unwrap()).to_vec();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
        headers.insert("x-forwarded-proto", HeaderValue::from_static(proto));
        Client::of(Some(peer.parse().unwrap()), &headers, &proxies)
    }

    #[test]
    fn a_proxy_is_believed_only_where_it_is_trusted() {
        let check = |peer: &str, forwarded, ip: &str, is_tls| {
            let expected = Client { ip: Some(ip.parse().unwrap()), is_tls };
            assert_eq!(told(peer, forwarded, "https"), expected, "{peer} {forwarded}");
        };
        check("203.0.113.9", "198.51.100.7", "203.0.113.9", false);
        check("127.0.0.1", "198.51.100.7", "198.51.100.7", true);
        check("::ffff:10.1.2.3", "198.51.100.7, 10.9.9.9", "198.51.100.7", true);
        // What the client made up stands before what the proxy saw.
        check("127.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7", true);
        check("fd00::1", "2001:db8::7", "2001:db8::7", true);
        check("127.0.0.1", "nonsense", "127.0.0.1", true);
        assert!(!told("127.0.0.1", "198.51.100.7", "http").is_tls);
    }

    #[test]
    fn neighbours_count_together() {
        let of = |ip: &str| Client { ip: Some(ip.parse().unwrap()), is_tls: false }.network();
        assert_eq!(of("198.51.100.7"), of("198.51.100.200"));
        assert_ne!(of("198.51.100.7"), of("198.51.101.7"));
        assert_eq!(of("2001:db8:1:2200::1"), of("2001:db8:1:22ff::1"));
        assert_ne!(of("2001:db8:1:2200::1"), of("2001:db8:1:2300::1"));
    }

    #[test]
    fn a_text_that_is_no_network_is_refused() {
        for text in ["", "ten", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "1.2.3.4/-1"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        assert!("0.0.0.0/0".parse::<Network>().unwrap().holds("8.8.8.8".parse().unwrap()));
    }
}
