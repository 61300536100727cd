//! IPv4 ranges in CIDR form, the only addresses a policy can name.

use crate::error::{Error, ErrorCode};
use core::fmt;
use core::net::{IpAddr, Ipv4Addr};

/// One IPv4 address or one IPv4 range. Host bits are kept for display and ignored for matching.
///
/// Source: *Creating a policy statement for a signed URL that uses a custom policy*, CloudFront Developer Guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ipv4Range {
    address: Ipv4Addr,
    bits: u8,
}

impl Ipv4Range {
    /// Reads `192.0.2.0/24`, or `192.0.2.7` as `192.0.2.7/32`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidIp`].
    ///
    /// ```
    /// use edgeseal_core::policy::Ipv4Range;
    /// assert_eq!(Ipv4Range::parse("10.0.0.0").unwrap().to_string(), "10.0.0.0/32");
    /// assert!(Ipv4Range::parse("10.0.0.0/33").is_err());
    /// assert!(Ipv4Range::parse("2001:db8::/32").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (address, bits) = text.split_once('/').unwrap_or((text, "32"));
        let plain_number = !bits.is_empty() && bits.len() <= 2 && bits.bytes().all(|byte| byte.is_ascii_digit());
        match (address.parse::<Ipv4Addr>(), bits.parse::<u8>()) {
            (Ok(address), Ok(bits)) if plain_number && bits <= 32 => Ok(Self { address, bits }),
            _ if text.contains(':') => Err(invalid("it is an IPv6 address, and CloudFront policies hold IPv4 only")
                .with_hint("leave the IP condition out, or switch IPv6 off on the distribution")),
            _ => Err(invalid("it is not an IPv4 address or an IPv4 range such as 192.0.2.0/24")),
        }
    }

    /// True when the range holds every IPv4 address, and so binds a policy to nobody.
    #[must_use]
    pub const fn is_everywhere(&self) -> bool {
        self.bits == 0
    }

    /// True when the viewer's address is in the range. An IPv6 viewer never is, not even for `0.0.0.0/0`.
    ///
    /// `::ffff:192.0.2.7` is how a socket that serves both families writes the IPv4 viewer `192.0.2.7`, and counts as such.
    ///
    /// ```
    /// use edgeseal_core::policy::Ipv4Range;
    /// let range = Ipv4Range::parse("192.168.0.1/24").unwrap();
    /// assert!(range.contains("192.168.0.77".parse().unwrap()));
    /// assert!(!Ipv4Range::parse("0.0.0.0/0").unwrap().contains("::1".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn contains(&self, viewer: IpAddr) -> bool {
        let IpAddr::V4(viewer) = viewer.to_canonical() else { return false };
        let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
        u32::from(viewer) & mask == u32::from(self.address) & mask
    }
}

impl fmt::Display for Ipv4Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorCode::InvalidIp, format!("the IP address cannot be used: {why}")).with_field("ipAddress")
}
