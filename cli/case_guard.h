// What a person sees when the case guard stops a text.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/session.h"

namespace geflecht::cli {

// Session::Send for requests that write text. If the node takes it for case data, the places are
// shown with what was noticed in them. Where the writer may say that it is no case, --yes or an
// answer at the terminal does; otherwise kCaseData, with the keys
// "findings" and "mark" in the result.
Result<boost::json::object> SendGuarded(Session& session, const std::string& method,
                                        const std::string& path, Query query,
                                        const std::string& body);

// The same for Session::Post.
Result<boost::json::object> PostGuarded(Session& session, const std::string& path,
                                        const boost::json::object& body, Query query = {});

}  // namespace geflecht::cli
