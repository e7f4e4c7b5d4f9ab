// The one translation unit that holds the compiled part of Boost.Asio; every other file sees its
// declarations only (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
